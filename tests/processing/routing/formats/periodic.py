"""Small files of waste collection in three formats, written for these tests."""

import json
from typing import Any

KIM = """10.0 \t\t// vehicle capacity (yards), real number
15\t//\ttotal\tyardage\tallowed\tfor a "day,"
5     // stops
3600  // lunch
40    // speed: MPH
Stop_ID\tX(feet)\tY(feet)\tEarly_St_Time (HHMM)\tLate\tService\tLoad (Yards)\t"Stop_Type(0: Depot)"
75632   1000.00   -2000.00  0400 1500 0  9999.00 0
9   22120.0 -2000 0600 1675 20 9999 2
11\t1000\t3280\t\t0\t2400\t90\t4.5\t1\t\t
12 1000 3280 700 1200 30 6 1
13 6280 -2000 0 2400 60 6 1
"""


def udine(**info: Any) -> dict[str, Any]:
    """A depot, three customers and a facility on a line, ten minutes from one to the next, four days."""
    kinds = ["depot", "customer", "customer", "customer", "intermediateFacility"]
    frequencies, demands = [0.0, 4.0, 2.0, 1.0, 0.0], [0.0, 5.0, 6.0, 7.0, 0.0]
    features = [
        {
            "id": str(index),
            "type": "Feature",
            "properties": {
                "id": index,
                "type": kind,
                "frequency": frequencies[index],
                "demand": demands[index],
                "service": 3.0 if kind == "customer" else 0.0,
            },
            "geometry": {"type": "Point", "coordinates": [0, 0]},
        }
        for index, kind in enumerate(kinds)
    ]
    return {
        "type": "FeatureCollection",
        "info": {"numVehicles": 2, "maxDuration": 120, "maxCapacity": 12, "planningHorizon": 4} | info,
        "features": features,
        "duration": [[10.0 * abs(a - b) for b in range(5)] for a in range(5)],
    }


def own() -> dict[str, Any]:
    """A problem of our own with two containers, a vehicle and odd names."""
    way = [[0, 1000, 3000], [1200, 0, 2000], [3000, 2000, 0]]
    return {
        "day_start": "2026-03-02T00:00:00+01:00",
        "depots": [{"id": "yard", "location": 0}],
        "facilities": [
            {"id": "tip: north", "location": 2, "service_s": 600, "fractions": ["paper"]},
        ],
        "vehicles": [
            {
                "id": "SPN 1",
                "start_depot": "yard",
                "end_depot": "yard",
                "shift_begin_s": 21600,
                "regular_end_s": 50400,
                "latest_end_s": 54000,
                "capacity_l": 3000,
                "capacity_kg": 900,
                "max_trips": 2,
                "fixed_cost_ueur": 50_000_000,
                "cost_per_m_ueur": 1200,
            }
        ],
        "containers": [
            {
                "id": name,
                "site": "market",
                "location": 1,
                "fraction": "paper",
                "demand_l": 1100,
                "demand_kg": 200,
                "service_s": 120,
            }
            for name in ("Straße 1", "")
        ],
        "distance_m": way,
        "duration_s": [[each // 10 for each in row] for row in way],
    }


TEXTS = {"kim": KIM, "pvrpif": json.dumps(udine(), indent=1), "landpuls": json.dumps(own(), indent=1)}
