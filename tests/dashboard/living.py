"""The demonstration region in a database as it stands in the middle of a working day: what the page is tested on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from device_profiles.registry import Profiles
from domain.messages import Message, MessageKey, Outcome, OutcomeKind, Reading, Reason
from domain.time import berlin_day
from landpuls.demo.seed import seed
from simulators.region import oberspreewald_lausitz
from storage.batch import commit_batch
from storage.database import Connection, connect
from storage.restate import restate

SEED = 1
TOURS = 2
STOPS = 9
"""Containers of each tour."""
DONE = 3
"""Of them, those that the first driver has done."""
HOURS = 168


@dataclass(frozen=True, kw_only=True, slots=True)
class Living:
    """The region's database, its page key, and the things that tests point at."""

    url: str
    key: str
    containers: int
    counters: int
    watched: int
    """A container with a week of readings, and the fullest of all."""
    watched_name: str
    last_stop: int
    last_thing: int


def populate(url: str) -> Living:
    """Seed the region, give every second thing a state, let a week of messages in, and publish a plan."""
    now = datetime.now(UTC).replace(microsecond=0)
    with connect(url, "owner") as owner:
        keys = seed(owner, oberspreewald_lausitz(SEED), Profiles.load(), now=now)
        watched, name, stream = owner.execute(
            """SELECT t.id, t.name, d.id FROM datastream d JOIN thing t ON t.id = d.thing_id
                WHERE d.quantity = 'fill_level' ORDER BY t.id LIMIT 1"""
        ).fetchone() or (0, "", 0)
        _fill(owner, now, watched)
        _count(owner, now)
        last_stop, last_thing = _plan(owner, now)
        containers, counters = owner.execute(
            "SELECT count(*) FILTER (WHERE kind = 'container'), count(*) FILTER (WHERE kind = 'counter') FROM thing"
        ).fetchone() or (0, 0)
        organisation = owner.execute("SELECT organisation_id FROM thing WHERE id = %s", [watched]).fetchone()
        owner.commit()
    with connect(url, "ingest") as ingest:
        commit_batch(ingest, list(_messages(now, stream, (organisation or (0,))[0])))
    with connect(url, "worker") as worker:
        while restate(worker):
            worker.commit()
        worker.commit()
    return Living(
        url=url,
        key=keys.page,
        containers=containers,
        counters=counters,
        watched=watched,
        watched_name=name,
        last_stop=last_stop,
        last_thing=last_thing,
    )


def change_fill(url: str, thing_id: int, percent: float) -> None:
    """Do what the worker does when a container's fill has changed."""
    with connect(url, "worker") as worker:
        worker.execute(
            """UPDATE container_state
                  SET fill_percent = %s, fill_time = now(), changed_xid = pg_current_xact_id() WHERE thing_id = %s""",
            [percent, thing_id],
        )
        worker.execute("NOTIFY landpuls_live")
        worker.commit()


def collect(url: str, stop_id: int, thing_id: int) -> None:
    """Record that a driver emptied the container of a stop."""
    with connect(url, "owner") as owner:
        _collect(owner, stop_id, thing_id, datetime.now(UTC))
        owner.execute("NOTIFY landpuls_live")
        owner.commit()


def set_plan(
    url: str,
    status: str,
    *,
    progress: float = 1.0,
    diagnosis: Sequence[dict[str, object]] = (),
    past: bool = False,
) -> None:
    """Put the plan into another state."""
    with connect(url, "owner") as owner:
        owner.execute(
            """UPDATE plan SET status = %s, progress = %s, feasible = %s, diagnosis = %s,
                               summary = summary || jsonb_build_object('starts_in_the_past', %s::boolean)""",
            [status, progress, status != "infeasible", psycopg.types.json.Jsonb(list(diagnosis)), past],
        )
        owner.execute("NOTIFY landpuls_live")
        owner.commit()


def _fill(owner: Connection, now: datetime, fullest: int) -> None:
    """Every container gets a fill below 97 % that only its id decides, but each 50th is unknown."""
    owner.execute(
        """INSERT INTO container_state (thing_id, organisation_id, fill_percent, fill_time, rate_percent_per_day,
                                        full_at, emptied_at, updated_at)
           SELECT thing_id, organisation_id, CASE WHEN thing_id = %(fullest)s THEN 98 ELSE thing_id * 37 %% 97 END,
                  %(now)s - interval '20 minutes', 4 + thing_id %% 13, %(now)s + interval '2 days',
                  %(now)s - interval '5 days', %(now)s
             FROM container WHERE thing_id %% 50 <> 0 OR thing_id = %(fullest)s""",
        {"now": now, "fullest": fullest},
    )


def _count(owner: Connection, now: datetime) -> None:
    owner.execute(
        """INSERT INTO counter_state (thing_id, organisation_id, quarter_begins_at, quarter_flow_per_h,
                                      quarter_speed_kmh, quarter_heavy_share, hour_begins_at, hour_flow_per_h,
                                      hour_speed_kmh, hour_heavy_share, updated_at)
           SELECT id, organisation_id, %(now)s - interval '30 minutes', id * 53 %% 1400, 45 + id %% 50, id %% 23,
                  %(now)s - interval '90 minutes', id * 59 %% 1400, 44 + id %% 50, id %% 22, %(now)s
             FROM thing WHERE kind = 'counter'""",
        {"now": now},
    )


def _messages(now: datetime, stream: int, organisation: int) -> list[Outcome]:
    """A week of hourly levels, rising and emptied; then a duplicate, one not understood and one without content."""
    arrived = [now - timedelta(hours=HOURS - hour, minutes=10) for hour in range(HOURS)]
    stored = [
        _outcome(
            b"%d" % hour,
            now,
            OutcomeKind.STORED,
            organisation,
            Reading(datastream_id=stream, time=at, value=level),
        )
        for hour, at in enumerate(arrived)
        for level in [float(hour * 1.3 % 98)]
    ]
    return [
        *stored,
        stored[-1],
        _outcome(b"?", now, OutcomeKind.QUARANTINED, organisation, reason=Reason.UNDECODABLE),
        _outcome(b"join", now, OutcomeKind.IGNORED, organisation, reason=Reason.NOT_AN_UPLINK),
    ]


def _outcome(
    payload: bytes,
    now: datetime,
    kind: OutcomeKind,
    organisation: int,
    *readings: Reading,
    reason: Reason | None = None,
) -> Outcome:
    digest = hashlib.blake2b(payload, digest_size=16).digest()
    return Outcome(
        message=Message(topic="landpuls/v1/test/up", payload=payload, received_at=now),
        kind=kind,
        key=MessageKey(key=UUID(bytes=digest), payload_hash=UUID(bytes=digest)),
        organisation_id=organisation,
        readings=readings,
        reason=reason,
        detail=reason and "as a test",
    )


def _plan(owner: Connection, now: datetime) -> tuple[int, int]:
    """Publish two tours; return the last stop of the second one and its container."""
    (plan_id,) = owner.execute(
        """INSERT INTO plan (organisation_id, day, status, progress, feasible, computed_at, published_at)
           SELECT organisation_id, %s, 'published', 1, true, %s, %s FROM depot LIMIT 1 RETURNING id""",
        [berlin_day(now), now, now],
    ).fetchone() or (0,)
    vehicles = owner.execute("SELECT id, depot_id FROM vehicle ORDER BY id LIMIT %s", [TOURS]).fetchall()
    last = (0, 0)
    for number, (vehicle_id, depot_id) in enumerate(vehicles, 1):
        things = owner.execute(
            """SELECT t.id FROM thing t JOIN container c ON c.thing_id = t.id
                WHERE c.waste_fraction = 'paper' ORDER BY t.longitude, t.id LIMIT %s OFFSET %s""",
            [STOPS, 40 * number],
        ).fetchall()
        (tour_id,) = owner.execute(
            """INSERT INTO tour (organisation_id, plan_id, vehicle_id, number, begins_at, ends_at, distance_m, drive_s,
                                 cost_cents)
               SELECT organisation_id, id, %s, %s, %s, %s, 48500, 5400, 21350 FROM plan WHERE id = %s RETURNING id""",
            [vehicle_id, number, now - timedelta(hours=2), now + timedelta(hours=3), plan_id],
        ).fetchone() or (0,)
        stops = _stops(owner, tour_id, depot_id, [thing for (thing,) in things], now - timedelta(hours=2))
        last = stops[-1]
        if number == 1:
            for stop_id, thing_id in stops[:DONE]:
                _collect(owner, stop_id, thing_id, now)
    return last


def _stops(
    owner: Connection, tour_id: int, depot_id: int, things: Sequence[int], begins_at: datetime
) -> list[tuple[int, int]]:
    """Add depot, containers, a facility and the depot again; return the containers' stops."""
    (facility_id,) = owner.execute("SELECT id FROM disposal_facility ORDER BY id LIMIT 1").fetchone() or (0,)
    legs = [
        ("start", None, None, depot_id),
        *(("container", thing, None, None) for thing in things),
        ("unload", None, facility_id, None),
        ("end", None, None, depot_id),
    ]
    added = []
    for position, (kind, thing, facility, depot) in enumerate(legs):
        at = begins_at + timedelta(minutes=12 * position)
        (stop_id,) = owner.execute(
            """INSERT INTO stop (organisation_id, tour_id, position, kind, thing_id, facility_id, depot_id, longitude,
                                 latitude, arrives_at, begins_at, departs_at, distance_m, load_l, load_kg)
               SELECT t.organisation_id, t.id, %(position)s, %(kind)s, %(thing)s, %(facility)s, %(depot)s, p.longitude,
                      p.latitude, %(at)s, %(at)s, %(at)s, 4000, %(position)s * 700, %(position)s * 60
                 FROM tour t, (SELECT longitude, latitude FROM thing WHERE id = %(thing)s
                               UNION ALL SELECT longitude, latitude FROM disposal_facility WHERE id = %(facility)s
                               UNION ALL SELECT longitude, latitude FROM depot WHERE id = %(depot)s) p
                WHERE t.id = %(tour)s RETURNING id""",
            {
                "position": position,
                "kind": kind,
                "thing": thing,
                "facility": facility,
                "depot": depot,
                "at": at,
                "tour": tour_id,
            },
        ).fetchone() or (0,)
        if thing is not None:
            added.append((stop_id, thing))
    return added


def _collect(owner: Connection, stop_id: int, thing_id: int, at: datetime) -> None:
    owner.execute(
        """INSERT INTO collection (organisation_id, collector_id, thing_id, stop_id, collected_at, outcome,
                                   idempotency_key)
           SELECT t.organisation_id, s.organisation_id, t.id, s.id, %s, 'served', %s
             FROM thing t, stop s WHERE t.id = %s AND s.id = %s""",
        [at, uuid4(), thing_id, stop_id],
    )
