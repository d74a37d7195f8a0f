"""The keys and sections of VRPLIB that are understood."""

from processing.routing.formats.sections import Sections

KEYS = frozenset(
    {
        "CAPACITY",
        "COMMENT",
        "DIMENSION",
        "DISPLAY_DATA_TYPE",
        "EDGE_WEIGHT_FORMAT",
        "EDGE_WEIGHT_TYPE",
        "NAME",
        "NODE_COORD_TYPE",
        "SERVICE_TIME",
        "TYPE",
        "VEHICLES",
        "VEHICLES_MAX_DISTANCE",
        "VEHICLES_MAX_DURATION",
    }
)
SECTIONS = frozenset(
    {
        "CAPACITY_SECTION",
        "DEMAND_SECTION",
        "DEPOT_SECTION",
        "EDGE_WEIGHT_SECTION",
        "NODE_COORD_SECTION",
        "PRIZE_SECTION",
        "RELEASE_TIME_SECTION",
        "SERVICE_TIME_SECTION",
        "TIME_WINDOW_SECTION",
        "VEHICLES_DEPOT_SECTION",
        "VEHICLES_FIXED_COST_SECTION",
        "VEHICLES_RELOAD_DEPOT_SECTION",
        "VEHICLES_UNIT_DISTANCE_COST_SECTION",
    }
)


def refuse_unknown(file: Sections) -> None:
    """A key or section that is not understood could change the problem, so it is not passed over.

    Raises
    ------
    BadInstance
        If there is one; names those that are understood.
    """
    for kind, found, known in (("header", file.header, KEYS), ("sections", file.sections, SECTIONS)):
        strange = sorted(set(found) - known)
        if strange:
            remedy = f"leave it out or use {', '.join(sorted(known))}"
            file.source.fail(kind, f"{strange[0][:60]!r} is not understood", remedy)
