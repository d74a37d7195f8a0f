"""Puts the district together from a seed: the same seed gives the same region on every machine."""

from random import Random

from domain.access import Permission
from simulators.region.hardware import devices
from simulators.region.model import Grant, Region
from simulators.region.places import ASSOCIATION_KEY, DISTRICT_KEY, MUNICIPALITY_KEYS, organisations, places
from simulators.region.terrain import map_features
from simulators.region.traffic import counters, meters, parking_bays
from simulators.region.waste import containers, depots, facilities, shifts, sites, vehicles

NOTICE = (
    "Demonstration: names and coordinates of places are real; organisations' devices, collection sites, containers, "
    "vehicles, facilities, counts and the waste association are invented, roads and outlines are schematic."
)


def oberspreewald_lausitz(seed: int) -> Region:
    """Build the district Oberspreewald-Lausitz with about 600 containers, 40 counters and six vehicles."""
    random = Random(
        f"landpuls region {seed}"
    )  # a text seed is hashed with SHA-512, not with the process's hash seed
    towns, settled = organisations(), places()
    stands = sites(settled, random)
    bins = containers(stands, random)
    counting, metering, parking = counters(), meters(), parking_bays()
    fleet = vehicles()
    return Region(
        key="oberspreewald-lausitz",
        name="Oberspreewald-Lausitz",
        seed=seed,
        notice=NOTICE,
        district_key=DISTRICT_KEY,
        association_key=ASSOCIATION_KEY,
        organisations=towns,
        grants=_grants(),
        sites=stands,
        containers=bins,
        counters=counting,
        meters=metering,
        parking_bays=parking,
        devices=devices(towns, (*bins, *counting, *metering, *parking), random),
        depots=depots(),
        facilities=facilities(),
        vehicles=fleet,
        shifts=shifts(fleet),
        map_features=map_features(settled, random),
    )


def _grants() -> tuple[Grant, ...]:
    """Towns let the association plan and empty, and the district run their counters; those two read each other."""
    return (
        *(
            Grant(organisation_key=town, grantee_key=grantee, permission=permission)
            for town in MUNICIPALITY_KEYS
            for grantee, permission in (
                (ASSOCIATION_KEY, Permission.PLAN),
                (ASSOCIATION_KEY, Permission.OPERATE),
                (DISTRICT_KEY, Permission.OPERATE),
            )
        ),
        Grant(organisation_key=DISTRICT_KEY, grantee_key=ASSOCIATION_KEY, permission=Permission.READ),
        Grant(organisation_key=ASSOCIATION_KEY, grantee_key=DISTRICT_KEY, permission=Permission.READ),
    )
