"""The live stream over a real socket: what is committed arrives at whom it concerns, and at nobody else."""

import json
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import psycopg
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from domain.access import Permission, Role
from domain.time import berlin_day
from storage import registry
from storage.database import connect as connect_database
from tests.api.region import MINUTE, NOW, Region, add_plan, fill

PATIENCE_S = 60.0
QUIET_S = 0.8
NEW_STATE = (
    "INSERT INTO container_state (thing_id, organisation_id, fill_percent, updated_at)"
    " VALUES (%s, %s, %s, now())"
)


@contextmanager
def listening(served: str, key: str | None, **subscription):
    """A connected client that has been greeted; yields the socket and the greeting."""
    with connect(f"ws://{served}/api/v1/live") as socket:
        socket.send(json.dumps(subscription | ({"api_key": key} if key else {})))
        yield socket, json.loads(socket.recv(PATIENCE_S))


def until(socket, kind: str) -> dict:
    """The first message that says something of a kind."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        message = json.loads(socket.recv(PATIENCE_S))
        if message.get(kind):
            return message
    raise AssertionError(f"nothing about {kind} arrived")


def said_meanwhile(socket) -> list[dict]:
    """Everything that arrives within a moment."""
    messages, end = [], time.monotonic() + QUIET_S
    while (left := end - time.monotonic()) > 0:
        try:
            messages.append(json.loads(socket.recv(left)))
        except TimeoutError:
            break
    return messages


def closed_with(socket) -> tuple[int, dict | None]:
    """Close code of a refused client, and the problem told before."""
    problem = None
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            message = json.loads(socket.recv(PATIENCE_S))
            problem = message.get("problem", problem)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, problem


def test_commits_arrive(served, ingest, region: Region):
    """What ingest commits arrives as newest values, at the organisation whose container it is and at grantees."""
    with (
        listening(served, region.key("calau"), kinds=["latest"]) as (own, hello),
        listening(served, region.key("association"), kinds=["latest"]) as (granted, _),
        listening(served, region.key("vetschau"), kinds=["latest"]) as (other, _),
    ):
        assert (hello["type"], hello["organisation_id"]) == ("hello", region.calau)
        fill(region, ingest, "calau_residual", [40.0, 42.0])
        for socket in (own, granted):
            (latest,) = until(socket, "latest")["latest"]
            assert (latest["thing_id"], latest["value"]) == (region.ids["calau_residual"], 42.0)
            assert (latest["time"], latest["unit"]) == ("2026-06-10T12:00:00Z", "%")
        assert said_meanwhile(other) == []


def test_states_arrive(served, worker, region: Region):
    """What the worker makes of the readings arrives as states of containers and counters."""
    with listening(served, region.key("calau")) as (socket, _):
        worker.execute(NEW_STATE, (region.ids["calau_residual"], region.calau, 81))
        worker.execute(
            "INSERT INTO counter_state (thing_id, organisation_id, hour_begins_at, hour_flow_per_h, updated_at)"
            " VALUES (%s, %s, %s, 120, %s)",
            (region.ids["counter"], region.calau, NOW, NOW),
        )
        worker.execute("NOTIFY landpuls_live")
        worker.commit()
        change = until(socket, "containers")
        assert [(one["thing_id"], one["fill_percent"]) for one in change["containers"]] == [
            (region.ids["calau_residual"], 81.0)
        ]
        assert [(one["quarter"], one["hour"]["flow_per_h"]) for one in change["counters"]] == [(None, 120.0)]


def test_nothing_uncommitted_nothing_missed(served, database, region: Region):
    """A transaction that began early and commits late arrives when it commits, though younger ones came before."""
    with connect_database(database, "worker") as late, connect_database(database, "worker") as early:
        late.execute(NEW_STATE, (region.ids["calau_residual"], region.calau, 11))
        with listening(served, region.key("calau"), kinds=["containers"]) as (socket, _):
            early.execute(NEW_STATE, (region.ids["calau_paper"], region.calau, 22))
            early.commit()
            assert [one["fill_percent"] for one in until(socket, "containers")["containers"]] == [22.0]
            assert said_meanwhile(socket) == []
            late.commit()
            assert [one["fill_percent"] for one in until(socket, "containers")["containers"]] == [11.0]


def test_resuming(served, ingest, region: Region):
    """A client that lost its connection goes on from its cursor and misses nothing."""
    with listening(served, region.key("calau"), kinds=["latest"]) as (_, hello):
        pass
    fill(region, ingest, "calau_paper", [33.0])
    with listening(served, region.key("calau"), kinds=["latest"], since=hello["cursor"]) as (socket, _):
        change = until(socket, "latest")
        assert [one["value"] for one in change["latest"]] == [33.0]
    with listening(served, region.key("calau"), kinds=["latest"], since=change["cursor"]) as (socket, _):
        assert said_meanwhile(socket) == []


def test_filters(served, ingest, region: Region):
    """A client hears only the kinds and organisations that it asked for."""
    with (
        listening(served, region.key("association"), kinds=["latest"], organisations=["kav"]) as (nothing, _),
        listening(
            served, region.key("calau"), kinds=["containers", "plans"], organisations=[str(region.calau)]
        ) as (other, _),
    ):
        fill(region, ingest, "calau_residual", [40.0])
        assert said_meanwhile(nothing) == []
        assert said_meanwhile(other) == []


def test_plans_collections_and_ledger(served, ingest, owner, region: Region):
    """A plan's progress, a driver's collection and today's ledger arrive as they change."""
    ids = add_plan(owner, region, "published", berlin_day(datetime.now(UTC)))
    with listening(served, region.key("association", Role.PLANNER)) as (socket, _):
        assert until(socket, "ledger")["ledger"]["received"] == 0
        new = {
            "thing_id": region.ids["calau_residual"],
            "stop_id": ids["calau_residual"],
            "collected_at": datetime.now(UTC).isoformat(),
            "outcome": "served",
            "idempotency_key": str(uuid4()),
        }
        headers = {"Authorization": f"Bearer {region.key('association', Role.PLANNER)}"}
        assert httpx.post(f"http://{served}/api/v1/collections", json=new, headers=headers).status_code == 201
        change = until(socket, "collections")
        assert [(one["thing_id"], one["outcome"]) for one in change["collections"]] == [
            (new["thing_id"], "served")
        ]
        assert [(one["id"], one["status"]) for one in change["plans"]] == [(ids["plan"], "in_progress")]
        fill(region, ingest, "calau_residual", [40.0], end=datetime.now(UTC))
        ledger = until(socket, "ledger")["ledger"]
        assert (ledger["received"], ledger["stored"], ledger["balanced"]) == (1, 1, True)
        assert said_meanwhile(socket) == []


def test_each_collection_is_told_once(served, region: Region):
    """Who connects hears of new collections only, one by one, however many there were before."""
    key = region.key("association", Role.PLANNER)

    def collect() -> None:
        new = {
            "thing_id": region.ids["calau_residual"],
            "collected_at": datetime.now(UTC).isoformat(),
            "outcome": "served",
            "idempotency_key": str(uuid4()),
        }
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.post(f"http://{served}/api/v1/collections", json=new, headers=headers).status_code == 201

    collect()
    collect()
    with listening(served, key, kinds=["collections"]) as (socket, _):
        for _ in range(3):
            collect()
            assert len(until(socket, "collections")["collections"]) == 1
        assert said_meanwhile(socket) == []


REFUSED = (
    ("{", 4400),
    ("[]", 4400),
    ("x" * 20_000, 4400),
    ('{"api_key": 5}', 4400),
    ('{"api_key": "lp_unknown_unknown_unknown", "colour": "red"}', 4400),
    ('{"api_key": "lp_unknown_unknown_unknown", "since": "now"}', 4400),
    ('{"kinds": ["castles"]}', 4400),
    ("{}", 4401),
    ('{"api_key": "lp_unknown_unknown_unknown"}', 4401),
)


def test_refusals(served):
    """Who says nothing sensible, or no valid key, is told why and closed with the code for it."""
    for first, code in REFUSED:
        with connect(f"ws://{served}/api/v1/live") as socket:
            socket.send(first)
            closed, problem = closed_with(socket)
        assert (closed, first) == (code, first)
        assert problem is not None
        assert problem["type"].startswith("/api/v1/problems/")
        assert "lp_unknown" not in json.dumps(problem)


def test_silence(served):
    """Who does not say who it is in time is closed."""
    with connect(f"ws://{served}/api/v1/live") as socket:
        assert closed_with(socket) == (4408, None)


def test_refused_filters(served, region: Region):
    """An organisation that may not be read, and a cursor that is none, are refused."""
    for wrong in ({"organisations": ["120660320320"]}, {"since": "9:1:/0"}):
        with listening(served, region.key("calau"), **wrong) as (socket, message):
            assert message["type"] == "error"
            assert closed_with(socket)[0] == 4400


def test_key_in_the_header(served, ingest, region: Region):
    """A client that can send headers needs no first message; its filters stand in the query."""
    headers = {"Authorization": f"Bearer {region.key('calau')}"}
    with connect(f"ws://{served}/api/v1/live?kinds=latest,ledger", additional_headers=headers) as socket:
        assert json.loads(socket.recv(PATIENCE_S))["kinds"] == ["latest", "ledger"]
        fill(region, ingest, "calau_residual", [40.0])
        assert until(socket, "latest")["latest"]


def test_revocation_closes(served, owner, region: Region):
    """A key that is revoked closes the streams that it opened."""
    with listening(served, region.key("calau")) as (socket, _):
        owner.execute("UPDATE api_key SET revoked_at = now() WHERE organisation_id = %s", [region.calau])
        owner.commit()
        assert closed_with(socket)[0] == 4401


def test_new_grants_are_heard(served, owner, ingest, region: Region):
    """What is granted while a client listens is heard from then on."""
    with listening(served, region.key("vetschau"), kinds=["latest"]) as (socket, _):
        registry.grant(
            owner, organisation_id=region.calau, grantee_id=region.vetschau, permission=Permission.READ
        )
        owner.commit()
        for level in range(60):
            fill(region, ingest, "calau_residual", [float(level)], end=NOW + level * MINUTE)
            if said_meanwhile(socket):
                break
        else:
            pytest.fail("the grant was never heard of")


def test_too_many_clients(served, region: Region):
    """Beyond the bound a client is told to come again later, and the others are not disturbed."""
    with ExitStack() as opened:
        for _ in range(3):
            first, hello = opened.enter_context(listening(served, region.key("calau"), kinds=["plans"]))
            assert hello["type"] == "hello"
        with connect(f"ws://{served}/api/v1/live") as one_more:
            assert closed_with(one_more)[0] == 4503
        assert said_meanwhile(first) == []


def test_without_the_hint(served, database, worker, region: Region):
    """When the listener's connection is cut, changes still arrive, and it listens again."""
    with listening(served, region.key("calau"), kinds=["containers"]) as (socket, _):
        with psycopg.connect(database, autocommit=True) as admin:
            cut = admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
            ).fetchall()
        assert cut == [(True,)]
        worker.execute(NEW_STATE, (region.ids["calau_residual"], region.calau, 5))
        worker.commit()
        assert until(socket, "containers")["containers"][0]["fill_percent"] == 5.0
        end = time.monotonic() + PATIENCE_S
        while not httpx.get(f"http://{served}/readyz").json()["live_listener"]:
            assert time.monotonic() < end
            time.sleep(0.05)
