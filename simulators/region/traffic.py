"""Counters, meters and parking bays: what is counted is invented, the roads and places are real."""

from simulators.region.model import Counter, Meter, ParkingBay, RoadKind
from simulators.region.places import DISTRICT_KEY
from simulators.region.waste import slug

A, F, S = RoadKind.MOTORWAY, RoadKind.FEDERAL, RoadKind.STATE
X, R = RoadKind.STREET, RoadKind.CYCLEWAY
_D = DISTRICT_KEY
_SFB, _LAU, _LUE = "120660304304", "120660176176", "120660196196"
_GRR, _CAL, _VET = "120660112112", "120660052052", "120660320320"
_SKA, _SWH, _ALT, _ORT, _RUH = "120660285285", "120660296296", "120665601000", "120665606000", "120665607000"

# owner, road, kind, place, longitude, latitude, vehicles a day, share of lorries, km/h, towards 1, towards 2, single
_COUNTERS: tuple[
    tuple[str, str, RoadKind, str, float, float, int, float, float, str, str, bool], ...
] = (
    (_D, "A 13", A, "Anschlussstelle Ruhland", 13.8330, 51.4440, 31_000, 0.19, 121, "Berlin", "Dresden", False),
    (_D, "A 13", A, "Anschlussstelle Schwarzheide", 13.8653, 51.4733, 33_000, 0.18, 119, "Berlin", "Dresden", False),
    (_D, "A 13", A, "Anschlussstelle Klettwitz", 13.9090, 51.5440, 32_000, 0.18, 122, "Berlin", "Dresden", False),
    (_D, "A 13", A, "Anschlussstelle Großräschen", 13.9330, 51.6020, 32_500, 0.18, 122, "Berlin", "Dresden", False),
    (_D, "A 13", A, "Anschlussstelle Bronkow", 13.9060, 51.6700, 31_500, 0.18, 123, "Berlin", "Dresden", False),
    (_D, "A 13", A, "Anschlussstelle Calau", 13.8822, 51.7833, 31_800, 0.18, 123, "Berlin", "Dresden", False),
    (_D, "A 15", A, "Anschlussstelle Boblitz", 13.9800, 51.8180, 24_000, 0.16, 120, "Berlin", "Cottbus", False),
    (_D, "A 15", A, "Anschlussstelle Vetschau", 14.0960, 51.7740, 25_000, 0.16, 118, "Berlin", "Cottbus", False),
    (_D, "B 96", F, "Saalhausen", 13.9255, 51.5921, 6_900, 0.11, 74, "Finsterwalde", "Großräschen", False),
    (_GRR, "B 96", F, "Großräschen Süd", 14.0180, 51.5760, 8_800, 0.10, 66, "Finsterwalde", "Senftenberg", False),
    (_D, "B 96", F, "Großräschen Ost", 14.0273, 51.5816, 7_600, 0.11, 70, "Großräschen", "Senftenberg", False),
    (_SFB, "B 96", F, "Senftenberg Nord", 14.0060, 51.5310, 11_200, 0.08, 52, "Großräschen", "Hoyerswerda", False),
    (_D, "B 96", F, "Hosena", 14.0240, 51.4620, 6_400, 0.10, 78, "Senftenberg", "Hoyerswerda", False),
    (_D, "B 169", F, "Allmosen", 14.0890, 51.5810, 7_900, 0.12, 84, "Cottbus", "Senftenberg", False),
    (_D, "B 169", F, "Sedlitz", 14.0560, 51.5520, 8_200, 0.12, 72, "Cottbus", "Senftenberg", False),
    (_SFB, "B 169", F, "Senftenberg West", 13.9737, 51.5247, 12_400, 0.08, 51, "Cottbus", "Elsterwerda", False),
    (_SFB, "B 169", F, "Brieske", 13.9735, 51.5059, 10_100, 0.09, 61, "Senftenberg", "Elsterwerda", False),
    (_SWH, "B 169", F, "Schwarzheide Ost", 13.9102, 51.4787, 9_700, 0.10, 62, "Senftenberg", "Elsterwerda", False),
    (_SWH, "B 169", F, "Schwarzheide Mitte", 13.8556, 51.4776, 10_300, 0.09, 49, "Senftenberg", "Elsterwerda", False),
    (_LAU, "B 169", F, "Lauchhammer-Süd", 13.7750, 51.4740, 9_100, 0.09, 53, "Senftenberg", "Elsterwerda", False),
    (_LAU, "B 169", F, "Lauchhammer-West", 13.7464, 51.4711, 8_300, 0.09, 55, "Senftenberg", "Elsterwerda", False),
    (_D, "L 49", S, "Groß Lübbenau", 13.9953, 51.8315, 4_600, 0.06, 73, "Lübbenau", "Vetschau", False),
    (_LUE, "L 49", S, "Zerkwitz", 13.9275, 51.8648, 5_900, 0.06, 58, "Lübben", "Lübbenau", False),
    (_D, "L 49", S, "Ragow", 13.9026, 51.8854, 4_800, 0.06, 75, "Lübben", "Lübbenau", False),
    (_VET, "L 49", S, "Göritz", 14.0470, 51.8011, 4_100, 0.07, 72, "Lübbenau", "Vetschau", False),
    (_D, "L 54", S, "Saßleben", 13.9828, 51.7579, 2_700, 0.08, 78, "Calau", "Vetschau", False),
    (_D, "L 54", S, "Koßwig", 14.0281, 51.7737, 2_400, 0.08, 79, "Calau", "Vetschau", False),
    (_CAL, "L 55", S, "Calau Nord", 13.9520, 51.7500, 3_600, 0.08, 56, "Lübbenau", "Senftenberg", False),
    (_D, "L 55", S, "Bischdorf", 13.9657, 51.8000, 3_100, 0.09, 80, "Lübbenau", "Calau", False),
    (_D, "L 55", S, "Luckaitz", 13.9824, 51.6707, 2_800, 0.09, 82, "Calau", "Senftenberg", False),
    (_ALT, "L 53", S, "Altdöbern", 14.0235, 51.6477, 950, 0.07, 54, "Großräschen", "Drebkau", True),
    (_ORT, "L 59", S, "Ortrand", 13.7553, 51.3757, 3_900, 0.09, 52, "Lauchhammer", "Großenhain", False),
    (_RUH, "L 57", S, "Ruhland", 13.8635, 51.4527, 4_400, 0.09, 51, "Schwarzheide", "Hoyerswerda", False),
    (_SKA, "L 60", S, "Schipkau", 13.8945, 51.5270, 4_700, 0.09, 58, "Schwarzheide", "Finsterwalde", False),
    (_SFB, "Bahnhofstraße", X, "Senftenberg", 14.0039, 51.5231, 5_200, 0.04, 37, "Bahnhof", "Markt", False),
    (_LUE, "Dorfstraße", X, "Leipe", 14.0472, 51.8557, 420, 0.04, 33, "Burg", "Lübbenau", True),
    (_LUE, "Straße des Friedens", X, "Lübbenau", 13.9525, 51.8612, 4_900, 0.04, 44, "Altstadt", "Neustadt", False),
    (_LAU, "Wilhelm-Pieck-Straße", X, "Lauchhammer", 13.7585, 51.4942, 4_600, 0.04, 45, "Mitte", "Ost", False),
    (_SFB, "Seerundweg", R, "Buchwalde", 14.0232, 51.5125, 620, 0.0, 17, "Senftenberg", "Großkoschen", True),
    (_LUE, "Gurkenradweg", R, "Lehde", 13.9821, 51.8690, 540, 0.0, 16, "Lübbenau", "Leipe", True),
)  # fmt: skip

_METERS: tuple[tuple[str, str, float, float, float, float], ...] = (
    (_SFB, "Rathaus Senftenberg", 14.0020, 51.5195, 4_000, 24_000),
    (_SFB, "Schwimmhalle Senftenberg", 13.9764, 51.5190, 38_000, 95_000),
    (_LAU, "Oberschule Lauchhammer", 13.7900, 51.5007, 5_000, 31_000),
    (_LUE, "Rathaus Lübbenau", 13.9510, 51.8612, 4_500, 22_000),
    (_LUE, "Schwimmbad Lübbenau", 13.9523, 51.8569, 42_000, 110_000),
    (_CAL, "Grundschule Calau", 13.9560, 51.7455, 3_500, 21_000),
    (_GRR, "Stadtverwaltung Großräschen", 14.0107, 51.5860, 3_800, 19_000),
    (_VET, "Grundschule Vetschau", 14.0868, 51.7820, 3_300, 20_000),
    (_SWH, "Bürgerhaus Schwarzheide", 13.8557, 51.4776, 2_500, 14_000),
    (_ALT, "Amtsverwaltung Altdöbern", 14.0350, 51.6505, 2_100, 11_000),
    (_ORT, "Grundschule Ortrand", 13.7682, 51.3786, 2_900, 17_000),
    (_D, "Kreisverwaltung Senftenberg", 13.9990, 51.5225, 9_000, 52_000),
)

# Where sensors watch single bays: owner, name, longitude, latitude, bays, cars a bay on a weekday
_PARKING: tuple[tuple[str, str, float, float, int, float], ...] = (
    (_SFB, "Markt Senftenberg", 14.0012, 51.5202, 6, 9.0),
    (_SFB, "Stadthafen Senftenberg", 14.0075, 51.5148, 4, 4.0),
    (_LUE, "Großer Hafen Lübbenau", 13.9690, 51.8680, 8, 5.0),
    (_CAL, "Markt Calau", 13.9506, 51.7447, 3, 7.0),
    (_GRR, "IBA-Terrassen Großräschen", 14.0102, 51.5777, 3, 4.0),
)


def counters() -> tuple[Counter, ...]:
    """Forty counting cross-sections; every fourth radar reports each quarter of an hour, the rest each hour."""
    return tuple(_counter(number, *row) for number, row in enumerate(_COUNTERS))


def _counter(
    number: int,
    owner: str,
    road: str,
    kind: RoadKind,
    place: str,
    longitude: float,
    latitude: float,
    vehicles_per_day: int,
    heavy_share: float,
    speed_kmh: float,
    one: str,
    two: str,
    single: bool,
) -> Counter:
    return Counter(
        organisation_key=owner,
        key=f"counter-{slug(road)}-{slug(place)}",
        name=f"{road} {place}",
        longitude=longitude,
        latitude=latitude,
        road=road,
        road_kind=kind,
        vehicles_per_day=vehicles_per_day,
        heavy_share=heavy_share,
        free_speed_kmh=float(speed_kmh),
        towards=(one, two),
        interval_s=900 if number % 4 == 0 else 3600,
        single_vehicle=single,
    )


def meters() -> tuple[Meter, ...]:
    """Electricity meters of public buildings."""
    return tuple(
        Meter(
            organisation_key=owner,
            key=f"meter-{slug(name)}",
            name=f"Stromzähler {name}",
            longitude=longitude,
            latitude=latitude,
            base_load_w=float(base),
            peak_load_w=float(peak),
        )
        for owner, name, longitude, latitude, base, peak in _METERS
    )


def parking_bays() -> tuple[ParkingBay, ...]:
    """Single bays, side by side."""
    return tuple(
        ParkingBay(
            organisation_key=owner,
            key=f"bay-{slug(name)}-{number}",
            name=f"Parkplatz {name} {number}",
            longitude=round(longitude + number * 4e-5, 6),
            latitude=latitude,
            turnover_per_day=turnover,
        )
        for owner, name, longitude, latitude, bays, turnover in _PARKING
        for number in range(1, bays + 1)
    )
