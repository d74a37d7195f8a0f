"""What the map draws beneath the things: places, schematic roads between real places, lakes and the district's outline.

Roads follow the rough line from place to place, lakes are rough ovals of about the right size, the outline is rough:
a picture to find one's way by, not a map to measure on.
"""

from collections.abc import Sequence
from math import cos, pi, radians, sin
from random import Random
from typing import Any

from simulators.region.model import MapFeature
from simulators.region.places import DISTRICT_KEY, Place

_METRES_PER_DEGREE = 111_320.0
Line = Sequence[tuple[float, float]]

_ROADS: tuple[tuple[str, int, Line], ...] = (
    (
        "A 13",
        0,
        (
            (13.8300, 51.9060),
            (13.8480, 51.8800),
            (13.8760, 51.8430),
            (13.8790, 51.8150),
            (13.8822, 51.7833),
            (13.8810, 51.7450),
            (13.8930, 51.7080),
            (13.9060, 51.6700),
            (13.9280, 51.6380),
            (13.9330, 51.6020),
            (13.9270, 51.5720),
            (13.9090, 51.5440),
            (13.8880, 51.5010),
            (13.8653, 51.4733),
            (13.8330, 51.4440),
            (13.8080, 51.4120),
            (13.7830, 51.3720),
        ),
    ),
    (
        "A 15",
        0,
        (
            (13.8760, 51.8430),
            (13.9250, 51.8270),
            (13.9800, 51.8180),
            (14.0350, 51.7960),
            (14.0960, 51.7740),
            (14.1480, 51.7640),
        ),
    ),
    (
        "B 96",
        1,
        (
            (13.7110, 51.6300),
            (13.7707, 51.6295),
            (13.8437, 51.6120),
            (13.9255, 51.5921),
            (13.9600, 51.5836),
            (14.0000, 51.5820),
            (14.0273, 51.5816),
            (14.0290, 51.5560),
            (14.0060, 51.5310),
            (14.0050, 51.5170),
            (14.0110, 51.4900),
            (14.0240, 51.4620),
            (14.0892, 51.4500),
        ),
    ),
    (
        "B 169",
        1,
        (
            (14.1924, 51.6356),
            (14.1640, 51.6080),
            (14.0900, 51.5810),
            (14.0568, 51.5529),
            (14.0060, 51.5310),
            (13.9737, 51.5247),
            (13.9735, 51.5059),
            (13.9410, 51.4850),
            (13.9102, 51.4787),
            (13.8556, 51.4776),
            (13.8060, 51.4740),
            (13.7464, 51.4711),
            (13.7000, 51.4650),
        ),
    ),
    (
        "L 49",
        2,
        (
            (13.8700, 51.9050),
            (13.9026, 51.8854),
            (13.9275, 51.8648),
            (13.9520, 51.8600),
            (13.9774, 51.8423),
            (13.9953, 51.8315),
            (14.0470, 51.8011),
            (14.0790, 51.7820),
        ),
    ),
    (
        "L 54",
        2,
        ((13.9510, 51.7445), (13.9828, 51.7579), (14.0281, 51.7737), (14.0632, 51.7836), (14.0790, 51.7820)),
    ),
    (
        "L 55",
        2,
        (
            (13.9603, 51.8469),
            (13.9714, 51.8301),
            (13.9657, 51.8000),
            (13.9559, 51.7788),
            (13.9510, 51.7445),
            (13.9535, 51.7243),
            (13.9616, 51.6884),
            (13.9824, 51.6707),
            (13.9980, 51.6535),
            (14.0200, 51.6200),
            (14.0130, 51.5920),
        ),
    ),
    (
        "L 53",
        2,
        ((14.0130, 51.5920), (14.0219, 51.6116), (14.0235, 51.6477), (14.0804, 51.6835), (14.1324, 51.6871)),
    ),
    (
        "L 57",
        2,
        (
            (13.8653, 51.4733),
            (13.8664, 51.4576),
            (13.9350, 51.4540),
            (13.9840, 51.4450),
            (14.0100, 51.4325),
            (14.0240, 51.4545),
        ),
    ),
    (
        "L 59",
        2,
        ((13.7550, 51.4695), (13.7315, 51.4308), (13.7400, 51.4000), (13.7553, 51.3757), (13.7400, 51.3560)),
    ),
    (
        "L 60",
        2,
        ((13.8653, 51.4733), (13.8960, 51.5206), (13.8949, 51.5430), (13.8883, 51.5601), (13.8600, 51.5850)),
    ),
    (
        "L 63",
        2,
        ((13.7585, 51.4942), (13.8277, 51.5254), (13.8960, 51.5206), (13.9497, 51.5269), (13.9737, 51.5247)),
    ),
)

# name, longitude, latitude of the middle, half axes in metres (east-west, north-south), turned by degrees
_LAKES: tuple[tuple[str, float, float, float, float, float], ...] = (
    ("Senftenberger See", 14.0180, 51.5010, 2_300, 1_150, -20),
    ("Geierswalder See", 14.1250, 51.4960, 1_700, 1_100, 10),
    ("Sedlitzer See", 14.1000, 51.5480, 2_300, 1_500, 25),
    ("Großräschener See", 13.9960, 51.5650, 1_700, 1_150, 0),
    ("Altdöberner See", 14.0560, 51.6330, 1_700, 1_300, 30),
    ("Gräbendorfer See", 14.1050, 51.6960, 1_300, 950, -10),
    ("Bischdorfer See", 13.9380, 51.7850, 800, 1_100, 0),
    ("Schönfelder See", 13.8950, 51.8060, 800, 550, 20),
    ("Grünewalder Lauch", 13.6920, 51.5080, 620, 420, 0),
)

_OUTLINE: Line = (
    (13.8850, 51.9070),
    (13.9350, 51.9060),
    (14.0200, 51.8850),
    (14.0900, 51.8640),
    (14.1150, 51.8250),
    (14.1300, 51.7950),
    (14.1220, 51.7600),
    (14.1380, 51.7180),
    (14.1230, 51.6950),
    (14.0980, 51.6650),
    (14.1150, 51.6400),
    (14.1800, 51.6280),
    (14.1870, 51.5950),
    (14.1480, 51.5830),
    (14.1590, 51.5480),
    (14.1200, 51.5150),
    (14.1080, 51.4850),
    (14.0620, 51.4650),
    (14.0480, 51.4300),
    (14.0250, 51.3850),
    (13.9700, 51.3760),
    (13.9100, 51.3800),
    (13.8400, 51.3880),
    (13.7850, 51.3630),
    (13.7350, 51.3650),
    (13.6950, 51.3780),
    (13.6980, 51.4080),
    (13.7080, 51.4380),
    (13.6950, 51.4750),
    (13.6780, 51.5080),
    (13.6950, 51.5350),
    (13.7900, 51.5350),
    (13.8350, 51.5480),
    (13.8650, 51.5720),
    (13.8880, 51.6250),
    (13.8850, 51.6680),
    (13.8550, 51.6950),
    (13.7950, 51.7180),
    (13.8050, 51.7480),
    (13.8350, 51.7700),
    (13.8300, 51.8050),
    (13.8180, 51.8500),
    (13.8400, 51.8820),
    (13.8850, 51.9070),
)


def map_features(places: tuple[Place, ...], random: Random) -> tuple[MapFeature, ...]:
    """Everything that is drawn, the outline first."""
    outline = _feature(
        "boundary", "Landkreis Oberspreewald-Lausitz", 0, {"type": "Polygon", "coordinates": [_OUTLINE]}
    )
    roads = [
        _feature("road", name, rank, {"type": "LineString", "coordinates": line})
        for name, rank, line in _ROADS
    ]
    lakes = [
        _feature("water", name, 0, {"type": "Polygon", "coordinates": [_oval(random, *row)]})
        for name, *row in _LAKES
    ]
    points = [
        _feature(
            "place",
            place.name,
            place.rank,
            {"type": "Point", "coordinates": (place.longitude, place.latitude)},
        )
        for place in places
    ]
    return (outline, *lakes, *roads, *points)


def _feature(kind: str, name: str, rank: int, geometry: dict[str, Any]) -> MapFeature:
    return MapFeature(
        organisation_key=DISTRICT_KEY, kind=kind, name=name, rank=rank, geometry=_lists(geometry)
    )


def _lists(value: Any) -> Any:
    """GeoJSON knows lists only; comparing a region with its JSON copy needs the same here."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else value


def _oval(
    random: Random, longitude: float, latitude: float, east_m: float, north_m: float, turn_deg: float
) -> list[tuple[float, float]]:
    """A closed, slightly dented ring around a middle."""
    turn, ring = radians(turn_deg), []
    for step in range(28):
        angle, dent = 2 * pi * step / 28, random.uniform(0.88, 1.06)
        x, y = east_m * dent * cos(angle), north_m * dent * sin(angle)
        east, north = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
        ring.append(
            (
                round(longitude + east / (_METRES_PER_DEGREE * cos(radians(latitude))), 5),
                round(latitude + north / _METRES_PER_DEGREE, 5),
            )
        )
    return [*ring, ring[0]]
