"""Readings and flows of a range, at each resolution."""

from datetime import datetime, timedelta

import pytest

from domain.messages import Reading
from domain.quality import Quality
from storage.batch import commit_batch
from tests.api.problem import check_problem
from tests.api.region import HOUR, MINUTE, NOW, Region, fill, outcome

pytestmark = pytest.mark.anyio


async def _pages(client, path, **query):
    """Every item of a list, page by page."""
    items, cursor = [], None
    while True:
        response = await client.get(path, params=query | ({"cursor": cursor} if cursor else {}))
        assert response.status_code == 200, response.text
        items += response.json()["items"]
        cursor = response.json()["next_cursor"]
        if cursor is None:
            return items


def _rollup(
    worker, table: str, stream: int, begins_at: datetime, values: list[float], covered_s: int, weight=None
) -> None:
    weight = len(values) if weight is None else weight
    total = sum(values) / len(values) * weight
    worker.execute(
        f"INSERT INTO {table} (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            stream,
            begins_at,
            total,
            len(values),
            weight,
            min(values),
            max(values),
            values[0],
            values[-1],
            covered_s,
        ),
    )


async def test_raw(calau, ingest, region: Region):
    """Raw readings come oldest first, from inclusive to exclusive, page by page without gap or repetition."""
    fill(region, ingest, "calau_residual", [float(level) for level in range(20)])
    begin = NOW - 19 * MINUTE
    path = f"/api/v1/things/{region.ids['calau_residual']}/readings"
    query = {"quantity": "fill_level", "from": begin.isoformat(), "to": NOW.isoformat(), "limit": 3}
    found = await _pages(calau, path, **query)
    assert [one["value"] for one in found] == [float(level) for level in range(19)]
    assert found[0] == {"time": "2026-06-10T11:41:00Z", "value": 0.0, "quality": 0, "period_s": None}
    stream = region.stream("calau_residual", "fill_level")
    assert (await _pages(calau, f"/api/v1/datastreams/{stream}/readings"))[-1]["value"] == 19.0


async def test_implausible_values_are_shown(calau, ingest, region: Region):
    """Readings that count nowhere are shown with their flags, and what is no number as null."""
    stream = region.stream("calau_residual", "temperature")
    readings = [
        Reading(datastream_id=stream, time=NOW - MINUTE, value=float("nan"), quality=Quality.IMPLAUSIBLE),
        Reading(datastream_id=stream, time=NOW, value=900.0, quality=Quality.IMPLAUSIBLE),
    ]
    commit_batch(ingest, [outcome(region.calau, region.ids["device"], "hot", readings)])
    body = (await calau.get(f"/api/v1/datastreams/{stream}/readings")).json()
    assert [(one["value"], one["quality"]) for one in body["items"]] == [(None, 1), (900.0, 1)]
    assert body["datastream"]["unit"] == "Cel"


async def test_days_of_23_and_25_hours(calau, worker, region: Region):
    """A day is complete when all of its hours are covered, be they 23 or 25."""
    stream = region.stream("counter", "vehicle_count", "class=car")
    for begins_at, hours in (
        (datetime.fromisoformat("2026-03-29T00:00:00+01:00"), 23),
        (datetime.fromisoformat("2025-10-26T00:00:00+02:00"), 25),
    ):
        _rollup(worker, "rollup_day", stream, begins_at, [10.0, 20.0], hours * 3600)
    worker.commit()
    query = {"resolution": "day", "from": "2025-10-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    found = await _pages(calau, f"/api/v1/datastreams/{stream}/readings", **query)
    assert [(one["begins_at"], one["completeness"]) for one in found] == [
        ("2025-10-25T22:00:00Z", 1.0),
        ("2026-03-28T23:00:00Z", 1.0),
    ]
    assert (found[0]["sum"], found[0]["mean"], found[0]["count"]) == (30.0, 15.0, 2)


async def test_ranges_are_bounded(calau, region: Region):
    """Each resolution has its longest range, and the refusal says it."""
    path = f"/api/v1/datastreams/{region.stream('calau_residual', 'fill_level')}/readings"
    for resolution, days in (("raw", 31), ("15min", 93), ("hour", 732), ("day", 7320)):
        begin = NOW - timedelta(days=days)
        query = {"resolution": resolution, "from": begin.isoformat(), "to": NOW.isoformat()}
        assert (await calau.get(path, params=query)).status_code == 200
        query["from"] = (begin - timedelta(seconds=1)).isoformat()
        body = check_problem(await calau.get(path, params=query), 422)
        assert str(days) in body["detail"]
    check_problem(await calau.get(path, params={"from": NOW.isoformat(), "to": NOW.isoformat()}), 422)


async def test_what_is_not_observed(calau, region: Region):
    """Asking for a quantity that a thing does not have says which it has."""
    path = f"/api/v1/things/{region.ids['counter']}/readings"
    body = check_problem(await calau.get(path, params={"quantity": "vehicle_count"}), 404)
    assert "vehicle_count (class=lorry)" in body["detail"]


async def test_flows(calau, worker, region: Region):
    """Flows add up classes and weigh speeds by vehicles, and say how complete each interval is."""
    cars, lorries = (region.stream("counter", "vehicle_count", f"class={name}") for name in ("car", "lorry"))
    speed = region.stream("counter", "speed")
    for hour, covered_s in ((1, 3600), (2, 1800)):
        begins_at = NOW - hour * HOUR
        _rollup(worker, "rollup_hour", cars, begins_at, [45.0, 45.0], covered_s)
        _rollup(worker, "rollup_hour", lorries, begins_at, [10.0], covered_s)
        _rollup(worker, "rollup_hour", speed, begins_at, [60.0], covered_s, weight=100)
    worker.commit()
    path = f"/api/v1/counters/{region.ids['counter']}/flows"
    found = await _pages(calau, path, limit=1)
    assert found == [
        {
            "begins_at": "2026-06-10T10:00:00Z",
            "flow_per_h": 200.0,
            "speed_kmh": 60.0,
            "heavy_share_percent": 10.0,
            "count": 100.0,
            "completeness": 0.5,
        },
        {
            "begins_at": "2026-06-10T11:00:00Z",
            "flow_per_h": 100.0,
            "speed_kmh": 60.0,
            "heavy_share_percent": 10.0,
            "count": 100.0,
            "completeness": 1.0,
        },
    ]
    for resolution in ("15min", "day"):
        assert await _pages(calau, path, resolution=resolution) == []
