"""Things, containers, counters and the map: what there is, with what is known of it now."""

import pytest
from psycopg.types.json import Jsonb

from storage import registry
from tests.api.problem import check_problem
from tests.api.region import NOW, Region, fill

pytestmark = pytest.mark.anyio


async def test_newest_values(calau, ingest, region: Region):
    """A thing shows the newest value of each datastream, with unit and time in UTC."""
    fill(region, ingest, "calau_residual", [40.0, 41.5])
    things = (await calau.get("/api/v1/things", params={"kind": "container"})).json()["items"]
    assert len(things) == 3
    found = next(one for one in things if one["id"] == region.ids["calau_residual"])
    assert found["latest"] == [
        {
            "datastream_id": region.stream("calau_residual", "fill_level"),
            "quantity": "fill_level",
            "qualifier": "",
            "unit": "%",
            "time": "2026-06-10T12:00:00Z",
            "value": 41.5,
            "quality": 0,
            "period_s": None,
        }
    ]
    assert (found["longitude"], found["latitude"]) == (13.95, 51.74)


async def test_bounding_box(calau, region: Region):
    """A bounding box keeps what lies in it, its edges included."""
    inside = await calau.get("/api/v1/things", params={"bbox": "13.955,51.0,13.96,51.745"})
    assert [one["key"] for one in inside.json()["items"]] == ["calau_paper"]


async def test_one_thing(calau, region: Region):
    """A thing tells everything that is observed there, also what has no value yet."""
    thing = (await calau.get(f"/api/v1/things/{region.ids['counter']}")).json()
    assert [(one["quantity"], one["qualifier"], one["aggregation"]) for one in thing["datastreams"]] == [
        ("speed", "", "weighted_mean"),
        ("vehicle_count", "class=car", "sum"),
        ("vehicle_count", "class=lorry", "sum"),
    ]


async def test_geojson(calau, region: Region):
    """The same things come as GeoJSON, longitude first, under its own media type."""
    response = await calau.get("/api/v1/things.geojson", params={"kind": "counter"})
    assert response.headers["content-type"] == "application/geo+json"
    body = response.json()
    assert body["type"] == "FeatureCollection"
    (feature,) = body["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [13.96, 51.75]}
    assert feature["properties"]["name"] == "B 169"


async def test_containers(calau, worker, region: Region):
    """Containers come with their site and state; those of which nothing is known have none."""
    thing = region.ids["calau_residual"]
    worker.execute(
        "INSERT INTO container_state (thing_id, organisation_id, fill_percent, fill_time, rate_percent_per_day,"
        " updated_at) VALUES (%s, %s, 83.5, %s, 12.25, %s)",
        (thing, region.calau, NOW, NOW),
    )
    worker.commit()
    every = (await calau.get("/api/v1/containers")).json()["items"]
    assert len(every) == 3
    assert every[1]["state"] is None
    (full,) = (await calau.get("/api/v1/containers", params={"min_fill": 80, "fraction": "residual"})).json()[
        "items"
    ]
    assert full["site"]["name"] == "Standplatz 0"
    assert full["volume_l"] == 1100
    assert full["state"] == {
        "fill_percent": 83.5,
        "fill_time": "2026-06-10T12:00:00Z",
        "rate_percent_per_day": 12.25,
        "full_at": None,
        "emptied_at": None,
    }
    assert (await calau.get(f"/api/v1/containers/{thing}")).json() == full
    assert (await calau.get("/api/v1/containers", params={"fraction": "organic"})).json()["items"] == []
    check_problem(await calau.get(f"/api/v1/containers/{region.ids['counter']}"), 404)


async def test_organisation_filter(planner, region: Region):
    """Things can be asked for by their organisation's key or id, several at once."""
    for name in ("120660052052", str(region.calau)):
        found = await planner.get(
            "/api/v1/containers", params=[("organisation", name), ("organisation", "kav")]
        )
        assert len(found.json()["items"]) == 3
    assert (await planner.get("/api/v1/containers", params={"organisation": "kav"})).json()["items"] == []


async def test_counters(calau, worker, region: Region):
    """Counters come with the flow of their newest quarter hour, and none for the hour that is not over."""
    worker.execute(
        "INSERT INTO counter_state (thing_id, organisation_id, quarter_begins_at, quarter_flow_per_h,"
        " quarter_speed_kmh, quarter_heavy_share, updated_at) VALUES (%s, %s, %s, 320, 61.5, 7.5, %s)",
        (region.ids["counter"], region.calau, NOW, NOW),
    )
    worker.commit()
    (counter,) = (await calau.get("/api/v1/counters")).json()["items"]
    quarter = {
        "begins_at": "2026-06-10T12:00:00Z",
        "flow_per_h": 320.0,
        "speed_kmh": 61.5,
        "heavy_share_percent": 7.5,
    }
    assert counter["state"] == {"quarter": quarter, "hour": None}
    assert (await calau.get(f"/api/v1/counters/{region.ids['counter']}")).json() == counter


async def test_map(calau, owner, region: Region):
    """The map comes as GeoJSON, the most important first."""
    for rank, name in ((2, "Werchow"), (0, "Calau")):
        registry.add_map_feature(
            owner,
            organisation_id=region.calau,
            kind="place",
            name=name,
            rank=rank,
            geometry={"type": "Point", "coordinates": [13.95, 51.74]},
        )
    line = {"type": "LineString", "coordinates": [[13.9, 51.7], [14.0, 51.8]]}
    owner.execute(
        "INSERT INTO map_feature (organisation_id, kind, name, rank, geometry) VALUES (%s, 'road', 'B 169', 1, %s)",
        (region.calau, Jsonb(line)),
    )
    owner.commit()
    response = await calau.get("/api/v1/map")
    assert response.headers["content-type"] == "application/geo+json"
    features = response.json()["features"]
    assert [one["properties"]["name"] for one in features] == ["Calau", "B 169", "Werchow"]
    assert features[1]["geometry"] == line


async def test_organisations(planner, region: Region):
    """Organisations say where they are and whether they are invented."""
    found = (await planner.get("/api/v1/organisations")).json()
    assert [(one["key"], one["invented"]) for one in found["items"]] == [
        ("120660052052", False),
        ("kav", True),
    ]
    assert found["next_cursor"] is None
