"""The invented side of waste collection: sites, containers, depots, facilities, vehicles and their shifts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from math import cos, pi, radians, sin
from random import Random

from domain.things import WasteFraction
from simulators.region.model import Character, Container, Depot, Facility, Shift, Site, Vehicle
from simulators.region.places import ASSOCIATION_KEY, Place

CONTAINERS = 600
_METRES_PER_DEGREE = 111_320.0

RESIDUAL, ORGANIC, PAPER = WasteFraction.RESIDUAL, WasteFraction.ORGANIC, WasteFraction.PAPER
GLASS, PACKAGING = WasteFraction.GLASS, WasteFraction.PACKAGING

GERMAN = {
    RESIDUAL: "Restmüll",
    ORGANIC: "Bioabfall",
    PAPER: "Papier",
    GLASS: "Glas",
    PACKAGING: "Leichtverpackungen",
}

_STREETS = (
    "Am Dorfanger",
    "Am Lindenhof",
    "Birkenweg",
    "Feldstraße",
    "Gartenweg",
    "Kirchgasse",
    "Mühlenweg",
    "Schulplatz",
    "Seeblick",
    "Wiesengrund",
)

_RADIUS_M = {
    Character.CENTRE: 380.0,
    Character.ESTATE: 300.0,
    Character.VILLAGE: 260.0,
    Character.TOURISM: 280.0,
    Character.COMMERCE: 240.0,
}

# Which fractions stand together, in the order in which sites get them; more at blocks of flats and centres.
_SETS: dict[Character, tuple[WasteFraction, ...]] = {
    Character.CENTRE: (PAPER, GLASS, PACKAGING, RESIDUAL, ORGANIC),
    Character.ESTATE: (RESIDUAL, PAPER, PACKAGING, ORGANIC, GLASS),
    Character.VILLAGE: (GLASS, PAPER, PACKAGING, RESIDUAL),
    Character.TOURISM: (RESIDUAL, PACKAGING, GLASS, PAPER),
    Character.COMMERCE: (PAPER, RESIDUAL, PACKAGING),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shape:
    height_m: float
    bottom_ratio: float
    full_distance_m: float
    service_s: int


_SHAPES = {
    660: _Shape(height_m=0.90, bottom_ratio=0.86, full_distance_m=0.25, service_s=70),
    1100: _Shape(height_m=1.05, bottom_ratio=0.82, full_distance_m=0.28, service_s=85),
    3000: _Shape(height_m=1.45, bottom_ratio=1.0, full_distance_m=0.32, service_s=210),
}

_VOLUMES_L: dict[WasteFraction, tuple[int, ...]] = {
    RESIDUAL: (660, 1100, 1100),
    ORGANIC: (660,),
    PAPER: (1100, 1100, 3000),
    GLASS: (3000,),
    PACKAGING: (1100, 1100, 3000),
}
_DENSITY_KG_L = {RESIDUAL: 0.13, ORGANIC: 0.30, PAPER: 0.06, GLASS: 0.27, PACKAGING: 0.03}
_INTERVAL_DAYS = {RESIDUAL: 7, ORGANIC: 7, PAPER: 7, GLASS: 14, PACKAGING: 7}
_MAX_INTERVAL_DAYS = {ORGANIC: 14, RESIDUAL: 21}


def sites(places: tuple[Place, ...], random: Random) -> tuple[Site, ...]:
    """Spread every place's sites around its middle."""
    return tuple(_site(place, number, random) for place in places for number in range(1, place.sites + 1))


def _site(place: Place, number: int, random: Random) -> Site:
    # The first site of a place keeps to its middle; the others spread evenly over its area.
    reach_m = _RADIUS_M[place.character] * (0.3 if number == 1 else random.uniform(0.35, 1.0))
    angle = random.uniform(0, 2 * pi)
    north, east = reach_m * sin(angle), reach_m * cos(angle)
    label = place.name if place.sites == 1 else f"{place.name} {number}"
    return Site(
        organisation_key=place.organisation_key,
        key=f"site-{slug(place.name)}-{number}",
        name=f"Standplatz {label}",
        address=f"{random.choice(_STREETS)} {random.randint(1, 60)} (erfunden), {place.postcode} {place.town}",
        longitude=round(place.longitude + east / (_METRES_PER_DEGREE * cos(radians(place.latitude))), 5),
        latitude=round(place.latitude + north / _METRES_PER_DEGREE, 5),
        character=place.character,
        setup_s=random.choice((45, 60, 60, 90)),
        access_note=random.choice(("", "", "", "", "Zufahrt nur vorwärts", "Schlüssel beim Hausmeister")),
    )


def containers(sites: tuple[Site, ...], random: Random) -> tuple[Container, ...]:
    """Stand exactly `CONTAINERS` containers on the sites, two or more each, with the usual fractions."""
    numbers = _numbers(sites, random)
    return tuple(
        container
        for site, number in zip(sites, numbers, strict=True)
        for container in _stand(site, number, random)
    )


def _numbers(sites: tuple[Site, ...], random: Random) -> list[int]:
    numbers = [2] * len(sites)
    room = [index for index, site in enumerate(sites) for _ in range(_extra(site))]
    random.shuffle(room)
    for index in room[: CONTAINERS - sum(numbers)]:
        numbers[index] += 1
    return numbers


def _extra(site: Site) -> int:
    """How many containers beyond two a site has room for."""
    return {Character.ESTATE: 3, Character.CENTRE: 3, Character.COMMERCE: 1}.get(site.character, 1)


def _stand(site: Site, number: int, random: Random) -> Iterator[Container]:
    kinds = _SETS[site.character]
    first = 0 if number >= len(kinds) else random.randrange(len(kinds))
    for ordinal in range(number):
        fraction = kinds[(first + ordinal) % len(kinds)]
        volume_l = random.choice(_VOLUMES_L[fraction])
        shape = _SHAPES[volume_l]
        key = f"{site.key.removeprefix('site-')}-{fraction}" + (
            f"-{ordinal}" if ordinal >= len(kinds) else ""
        )
        yield Container(
            organisation_key=site.organisation_key,
            key=key,
            name=f"{GERMAN[fraction]} {site.name.removeprefix('Standplatz ')}",
            site_key=site.key,
            longitude=round(site.longitude + ordinal * 3e-5, 6),
            latitude=site.latitude,
            waste_fraction=fraction,
            volume_l=volume_l,
            density_kg_l=_DENSITY_KG_L[fraction],
            service_s=shape.service_s,
            threshold_percent=75.0 if fraction is ORGANIC else 80.0,
            interval_days=_INTERVAL_DAYS[fraction],
            max_interval_days=_MAX_INTERVAL_DAYS.get(fraction),
            height_m=shape.height_m,
            bottom_ratio=shape.bottom_ratio,
            full_distance_m=shape.full_distance_m,
        )


_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-", "/": "-"}


def slug(name: str) -> str:
    """Write a name with small ASCII letters, digits and hyphens only."""
    plain = "".join(_LETTERS.get(letter, letter) for letter in name.lower())
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter == "-"))


def depots() -> tuple[Depot, ...]:
    """Two yards, one for the north and one for the south."""
    return (
        Depot(
            organisation_key=ASSOCIATION_KEY,
            key="depot-nord",
            name="Betriebshof Nord, Calau (erfunden)",
            longitude=13.9765,
            latitude=51.7395,
        ),
        Depot(
            organisation_key=ASSOCIATION_KEY,
            key="depot-sued",
            name="Betriebshof Süd, Senftenberg (erfunden)",
            longitude=13.9745,
            latitude=51.5240,
        ),
    )


def facilities() -> tuple[Facility, ...]:
    """Three facilities that share the fractions between them."""
    rows = (
        (
            "facility-freienhufen",
            "Umladestation Freienhufen",
            13.9700,
            51.5810,
            (RESIDUAL, ORGANIC, PACKAGING),
        ),
        (
            "facility-luebbenau",
            "Wertstoffzentrum Lübbenau",
            13.9560,
            51.8465,
            (PAPER, GLASS, PACKAGING, ORGANIC),
        ),
        (
            "facility-schwarzheide",
            "Wertstoffzentrum Schwarzheide",
            13.8830,
            51.4735,
            (PAPER, GLASS, RESIDUAL),
        ),
    )
    return tuple(
        Facility(
            organisation_key=ASSOCIATION_KEY,
            key=key,
            name=f"{name} (erfunden)",
            longitude=longitude,
            latitude=latitude,
            fractions=fractions,
            service_s=900,
            opens=time(6, 0),
            closes=time(18, 0),
        )
        for key, name, longitude, latitude, fractions in rows
    )


def vehicles() -> tuple[Vehicle, ...]:
    """Four compacting lorries and two with a crane, half of them at each yard."""
    press, crane = (RESIDUAL, ORGANIC, PAPER, PACKAGING), (GLASS, PAPER)
    rows = (
        ("vehicle-1", "Presswagen Nord 1", "depot-nord", press, 70_000, 9_500),
        ("vehicle-2", "Presswagen Nord 2", "depot-nord", press, 70_000, 9_500),
        ("vehicle-3", "Presswagen Süd 1", "depot-sued", press, 80_000, 10_500),
        ("vehicle-4", "Presswagen Süd 2", "depot-sued", press, 80_000, 10_500),
        ("vehicle-5", "Kranwagen Nord", "depot-nord", crane, 36_000, 10_000),
        ("vehicle-6", "Kranwagen Süd", "depot-sued", crane, 36_000, 10_000),
    )
    return tuple(
        Vehicle(
            organisation_key=ASSOCIATION_KEY,
            key=key,
            name=f"{name} (erfunden)",
            depot_key=depot,
            fractions=fractions,
            capacity_l=capacity_l,
            capacity_kg=capacity_kg,
            fixed_cost_cents=9_000,
            cost_per_km_cents=120,
            cost_per_h_cents=6_500,
        )
        for key, name, depot, fractions, capacity_l, capacity_kg in rows
    )


def shifts(vehicles: tuple[Vehicle, ...]) -> tuple[Shift, ...]:
    """Every vehicle from 6:00 to 15:00, and on Sundays too: a demonstration needs tours whichever day it is."""
    return tuple(
        Shift(
            organisation_key=vehicle.organisation_key,
            vehicle_key=vehicle.key,
            weekday=weekday,
            begins=time(6, 0),
            ends=time(15, 0),
        )
        for vehicle in vehicles
        for weekday in range(1, 8)
    )
