"""Devices, their ledger, messages and quarantine: proof of what became of everything that arrived."""

from base64 import b64encode
from datetime import timedelta

import pytest

from domain.messages import OutcomeKind, Reading, Reason
from storage import registry
from storage.batch import commit_batch
from storage.maintenance import Retention, maintain
from tests.api.problem import check_problem
from tests.api.region import MINUTE, NOW, TODAY, Region, fill, outcome

pytestmark = pytest.mark.anyio


def _commit_one_of_each(region: Region, ingest) -> None:
    device = region.ids["device"]
    stream = region.stream("calau_residual", "fill_level")
    good = outcome(region.calau, device, "good", [Reading(datastream_id=stream, time=NOW, value=50.0)])
    broken = {
        "kind": OutcomeKind.QUARANTINED,
        "reason": Reason.UNDECODABLE,
        "detail": "Too short.",
        "device_key": "70b3",
    }
    batch = [
        good,
        good,
        outcome(region.calau, device, "bad 1", payload=b"\xff\x00", **broken),
        outcome(region.calau, device, "bad 2", received_at=NOW + MINUTE, **broken),
        outcome(region.calau, device, "join", kind=OutcomeKind.IGNORED, reason=Reason.NOT_AN_UPLINK),
    ]
    commit_batch(ingest, batch)


async def test_ledger(calau, ingest, region: Region):
    """Every message is counted with exactly one outcome, by day and in total."""
    _commit_one_of_each(region, ingest)
    fill(region, ingest, "calau_residual", [10.0, 11.0], end=NOW - timedelta(days=1))
    body = (await calau.get("/api/v1/ledger", params={"from": "2026-06-01", "to": str(TODAY)})).json()
    assert [day["day"] for day in body["days"]] == ["2026-06-09", "2026-06-10"]
    assert body["days"][1] == {
        "day": "2026-06-10",
        "received": 5,
        "stored": 1,
        "duplicate": 1,
        "quarantined": 2,
        "ignored": 1,
        "readings": 1,
    }
    assert body["total"]["received"] == 7
    assert body["balanced"] is True
    today = (await calau.get("/api/v1/ledger")).json()
    assert today["days"] == body["days"][1:]


async def test_days_are_those_of_berlin(calau, ingest, region: Region):
    """A message late in the evening in UTC belongs to the next day in Berlin."""
    fill(region, ingest, "calau_residual", [10.0], end=NOW.replace(hour=21, minute=59) - timedelta(days=1))
    fill(region, ingest, "calau_residual", [20.0], end=NOW.replace(hour=22, minute=0) - timedelta(days=1))
    body = (await calau.get("/api/v1/ledger", params={"from": "2026-06-08"})).json()
    assert [(day["day"], day["received"]) for day in body["days"]] == [("2026-06-09", 1), ("2026-06-10", 1)]


async def test_ledger_of_a_device(calau, ingest, region: Region):
    """A device's ledger counts its own messages only."""
    _commit_one_of_each(region, ingest)
    commit_batch(ingest, [outcome(region.calau, None, "of another")])
    found = (await calau.get(f"/api/v1/devices/{region.ids['device']}/ledger")).json()["items"]
    assert [(day["day"], day["received"]) for day in found] == [("2026-06-10", 5)]


async def test_closed_days(calau, worker, region: Region):
    """Days whose messages are beyond retention keep their sums."""
    worker.execute(
        "INSERT INTO ledger_closed VALUES ('2026-05-20', %s, %s, 10, 7, 1, 1, 1, 14)",
        (region.ids["device"], region.calau),
    )
    worker.commit()
    body = (await calau.get("/api/v1/ledger", params={"from": "2026-05-01", "to": "2026-05-31"})).json()
    assert (body["total"]["received"], body["total"]["readings"], body["balanced"]) == (10, 14, True)


async def test_closing_days_changes_no_ledger(calau, vetschau, ingest, worker, region: Region):
    """The ledger says the same before and after the messages of its days are removed, to each who may see it."""
    _commit_one_of_each(region, ingest)
    asked = {"from": "2026-06-01", "to": str(TODAY)}
    paths = ("/api/v1/ledger", f"/api/v1/devices/{region.ids['device']}/ledger")
    before = [(await client.get(path, params=asked)).json() for client in (calau, vetschau) for path in paths]
    assert before[0]["total"]["received"] == 5
    maintain(worker, NOW + timedelta(days=50), Retention(messages_days=45))
    assert (await calau.get("/api/v1/messages")).json()["items"] == []
    after = [(await client.get(path, params=asked)).json() for client in (calau, vetschau) for path in paths]
    assert [one | {"request_id": None} for one in after] == [one | {"request_id": None} for one in before]


async def test_messages(calau, ingest, region: Region):
    """Messages come newest first, by outcome, reason or device if so asked, page by page."""
    _commit_one_of_each(region, ingest)
    every = (await calau.get("/api/v1/messages")).json()["items"]
    assert [one["outcome"] for one in every] == [
        "quarantined",
        "ignored",
        "quarantined",
        "duplicate",
        "stored",
    ]
    pages, cursor = [], None
    for _ in range(5):
        body = (
            await calau.get("/api/v1/messages", params={"limit": 1} | ({"cursor": cursor} if cursor else {}))
        ).json()
        pages += body["items"]
        cursor = body["next_cursor"]
    assert (pages, cursor) == (every, None)
    for query, count in (
        ({"outcome": "stored"}, 1),
        ({"reason": "undecodable"}, 2),
        ({"device": "70b3d57ed0000001"}, 5),
        ({"device": str(region.ids["device"])}, 0),
        ({"organisation": "120660052052"}, 5),
        ({"organisation": "120660320320"}, 0),
        ({"device": "unknown"}, 0),
        ({"to": NOW.isoformat()}, 0),
    ):
        assert len((await calau.get("/api/v1/messages", params=query)).json()["items"]) == count, query


async def test_a_device_key_may_be_a_number_or_anothers(planner, ingest, owner, region: Region):
    """A key means that key, were it a number, in each organisation that has it; `organisation` tells them apart."""
    key = str(region.ids["device"])
    for organisation in (region.calau, region.association, region.vetschau):
        device = registry.register_device(
            owner, organisation_id=organisation, key=key, profile_key="test/bin"
        )
        owner.commit()
        commit_batch(ingest, [outcome(organisation, device, f"of {organisation}")])
    unknown = {"kind": OutcomeKind.QUARANTINED, "reason": Reason.UNKNOWN_DEVICE, "device_key": key}
    commit_batch(
        ingest,
        [
            outcome(region.calau, None, "before it was registered", **unknown),
            outcome(region.calau, region.ids["device"], "of the device with that id"),
        ],
    )

    async def owners(**query):
        found = await planner.get("/api/v1/messages", params={"device": key} | query)
        return sorted(one["organisation_id"] for one in found.json()["items"])

    assert await owners() == sorted([region.calau, region.calau, region.association])
    assert await owners(organisation="kav") == [region.association]
    assert await owners(organisation=str(region.calau)) == [region.calau, region.calau]
    assert await owners(organisation="120660320320") == []


async def test_messages_of_long_ago(calau, ingest, region: Region):
    """A page goes back as far as it must to be full, and to the begin of the range if it cannot be."""
    times = [NOW - timedelta(hours=hours) for hours in (700, 100, 20, 1, 0)]
    for time in times:
        fill(region, ingest, "calau_residual", [1.0], end=time)
    for limit in (1, 2, 3, 4, 5, 6):
        found = (await calau.get("/api/v1/messages", params={"limit": limit})).json()
        assert [one["received_at"] for one in found["items"]] == [
            f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times[::-1][:limit]
        ]
        assert (found["next_cursor"] is None) == (limit >= 5)


async def test_one_message(calau, vetschau, ingest, region: Region):
    """A message comes with its payload, as text where it is text, and to its organisation only."""
    _commit_one_of_each(region, ingest)
    listed = (await calau.get("/api/v1/messages", params={"outcome": "quarantined"})).json()["items"]
    text, binary = [(await calau.get(f"/api/v1/messages/{one['id']}")).json() for one in listed]
    assert text["payload_text"] == "bad 2"
    assert (binary["payload_text"], binary["payload_base64"]) == (None, b64encode(b"\xff\x00").decode())
    assert (binary["reason"], binary["detail"]) == ("undecodable", "Too short.")
    check_problem(await vetschau.get(f"/api/v1/messages/{listed[0]['id']}"), 404)


async def test_one_message_of_any_day(calau, ingest, region: Region):
    """A number leads to its message, however long ago that came."""
    for days in (0, 1, 20, 300):
        fill(region, ingest, "calau_residual", [1.0], end=NOW - timedelta(days=days))
        (number,) = ingest.execute("SELECT max(id) FROM message").fetchone()
        ingest.rollback()
        found = (await calau.get(f"/api/v1/messages/{number}")).json()
        assert found["received_at"] == f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


async def test_quarantine(calau, ingest, region: Region):
    """What lies in quarantine is shown by reason and device, with how many and since when."""
    _commit_one_of_each(region, ingest)
    (group,) = (await calau.get("/api/v1/quarantine")).json()["items"]
    assert (group["reason"], group["device_key"], group["count"], group["detail"]) == (
        "undecodable",
        "70b3d57ed0000001",
        2,
        "Too short.",
    )
    assert (group["first_at"], group["last_at"]) == ("2026-06-10T12:00:00Z", "2026-06-10T12:01:00Z")


async def test_devices(calau, ingest, owner, region: Region):
    """Devices say where they are installed now and when they were last heard."""
    before = (await calau.get("/api/v1/devices")).json()["items"]
    assert [(one["key"], one["thing_id"], one["last_seen_at"]) for one in before] == [
        ("70b3d57ed0000001", None, None)
    ]
    owner.execute(
        "INSERT INTO installation (organisation_id, device_id, thing_id, valid_from, valid_until) VALUES"
        " (%(o)s, %(d)s, %(was)s, '2026-01-01Z', '2026-02-01Z'), (%(o)s, %(d)s, %(now)s, '2026-02-01Z', NULL)",
        {
            "o": region.calau,
            "d": region.ids["device"],
            "was": region.ids["calau_paper"],
            "now": region.ids["calau_residual"],
        },
    )
    owner.commit()
    fill(region, ingest, "calau_residual", [10.0, 11.0])
    device = (await calau.get(f"/api/v1/devices/{region.ids['device']}")).json()
    assert (device["thing_id"], device["last_seen_at"]) == (
        region.ids["calau_residual"],
        "2026-06-10T12:00:00Z",
    )
    assert (await calau.get("/api/v1/devices", params={"profile": "test/other"})).json()["items"] == []
