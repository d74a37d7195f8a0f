"""Drivers over the real API: what a published tour says is emptied, told once, and told again while nobody listens."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn

from api.config import ApiConfig
from api.serve import listening_socket, uvicorn_config
from domain.access import Role
from domain.time import berlin_day
from simulators.config import SimulationConfig
from simulators.driver.crew import Crew
from simulators.fleet.fleet import Fleet
from tests.api.region import add_plan, build_region
from tests.fixtures.brokers import free_port

PATIENCE_S = 60
NAMES = ("calau_residual", "calau_paper")


@contextmanager
def serving(database: str, port: int) -> Iterator[None]:
    """The API on a port of the loopback interface."""
    with listening_socket("127.0.0.1", port) as listener:
        server = uvicorn.Server(uvicorn_config(ApiConfig(database_url=database, pool_max=4)))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)


@pytest.fixture
def registered(owner):
    """Two municipalities and their association, with keys of the API."""
    built = build_region(owner)
    owner.commit()
    return built


@pytest.fixture
def scene(small, profiles):
    """A region and fleet whose first two containers have the keys of those in the database."""
    devices, containers = list(small.devices[:2]), []
    for number, name in enumerate(NAMES):
        old = next(one for one in small.containers if one.key == devices[number].thing_key)
        containers.append(replace(old, key=name))
        devices[number] = replace(devices[number], thing_key=name)
    region = replace(small, containers=tuple(containers), devices=tuple(devices))
    now = datetime.now(UTC)
    fleet = Fleet(region, profiles, seed=1, born=now - timedelta(days=3), now=now, drivers=True)
    fleet.advance(now.timestamp())
    return region, fleet


def crew_of(scene, registered, port, **more):
    """Drivers of the association who lose no time."""
    config = SimulationConfig(
        **{
            "api_url": f"http://127.0.0.1:{port}",
            "api_key": registered.key("association", Role.OPERATOR),
            "driver_stop_s": 0.05,
            "blocked_share": 0,
        }
        | more
    )
    return Crew(config, *scene, lambda: datetime.now(UTC))


async def drive_until(crew, condition):
    """Let the drivers work until something is so."""
    driving = asyncio.create_task(crew.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition() and not driving.done():
                await asyncio.sleep(0.05)
    finally:
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)
    assert condition()


def collected(owner):
    """What the database knows of collections, oldest first."""
    rows = owner.execute(
        "SELECT thing_id, stop_id, outcome, reason, amount_l FROM collection ORDER BY id"
    ).fetchall()
    owner.rollback()
    return rows


def test_published_tour_is_driven_and_its_containers_are_emptied(database, owner, registered, scene):
    """Each container of a published tour is emptied in its order and reported with what was in it."""
    ids = add_plan(owner, registered, "published", berlin_day(datetime.now(UTC)))
    _, fleet = scene
    before_l = [fleet.containers[name].amount_l for name in NAMES]
    port = free_port()
    with serving(database, port):
        asyncio.run(drive_until(crew_of(scene, registered, port), lambda: len(collected(owner)) == 2))
    rows = collected(owner)
    assert [row[0] for row in rows] == [registered.ids[name] for name in NAMES]
    assert [row[1] for row in rows] == [ids[name] for name in NAMES]
    for (_, _, outcome, _, amount_l), was_l, name in zip(rows, before_l, NAMES, strict=True):
        assert outcome == "served"
        assert amount_l == pytest.approx(was_l, rel=0.05, abs=5)
        assert fleet.containers[name].percent < 3


def test_draft_is_not_driven(database, owner, registered, scene):
    """Nobody sets out on a plan that is not published."""
    add_plan(owner, registered, "draft", berlin_day(datetime.now(UTC)))
    port = free_port()

    async def wait_a_little():
        driving = asyncio.create_task(crew_of(scene, registered, port).run())
        await asyncio.sleep(1.5)
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)

    with serving(database, port):
        asyncio.run(wait_a_little())
    assert collected(owner) == []


def test_tour_that_is_superseded_is_broken_off(database, owner, registered, scene):
    """When another plan takes its place, a driver goes no further, and the new plan's drivers set out."""
    today = berlin_day(datetime.now(UTC))
    ids = add_plan(owner, registered, "published", today)
    port = free_port()
    new: dict[str, int] = {}

    def superseded():
        if len(collected(owner)) == 1 and not new:
            owner.execute("UPDATE plan SET status = 'superseded' WHERE id = %s", [ids["plan"]])
            new.update(add_plan(owner, registered, "published", today))
        return len(collected(owner)) == 3

    with serving(database, port):
        asyncio.run(drive_until(crew_of(scene, registered, port, driver_stop_s=3), superseded))
    assert [row[1] for row in collected(owner)] == [ids[NAMES[0]], new[NAMES[0]], new[NAMES[1]]]


def test_blocked_way_is_told_with_a_reason_and_nothing_is_emptied(database, owner, registered, scene):
    """A driver who cannot get there skips the stop and says why."""
    add_plan(owner, registered, "published", berlin_day(datetime.now(UTC)))
    _, fleet = scene
    before = [fleet.containers[name].percent for name in NAMES]
    port = free_port()
    with serving(database, port):
        crew = crew_of(scene, registered, port, blocked_share=1)
        asyncio.run(drive_until(crew, lambda: len(collected(owner)) == 2))
    for _, _, outcome, reason, amount_l in collected(owner):
        assert outcome == "skipped"
        assert reason
        assert amount_l is None
    assert [fleet.containers[name].percent for name in NAMES] == before


def test_second_crew_does_not_collect_again(database, owner, registered, scene):
    """After a restart drivers leave alone what was collected before."""
    add_plan(owner, registered, "published", berlin_day(datetime.now(UTC)))
    port = free_port()
    with serving(database, port):
        asyncio.run(drive_until(crew_of(scene, registered, port), lambda: len(collected(owner)) == 2))
        crew = crew_of(scene, registered, port)

        async def wait_a_little():
            driving = asyncio.create_task(crew.run())
            await asyncio.sleep(1.0)
            driving.cancel()
            await asyncio.gather(driving, return_exceptions=True)

        asyncio.run(wait_a_little())
    assert len(collected(owner)) == 2


def test_drivers_wait_for_an_api_that_is_away(database, owner, registered, scene):
    """The API may start late and stop on the way: what was collected is told once it answers, and once only."""
    add_plan(owner, registered, "published", berlin_day(datetime.now(UTC)))
    port = free_port()

    async def restarted():
        driving = asyncio.create_task(crew_of(scene, registered, port, driver_stop_s=0.6).run())
        await asyncio.sleep(0.7)
        for wanted in (1, 2):
            with serving(database, port):
                async with asyncio.timeout(PATIENCE_S):
                    while len(collected(owner)) < wanted:
                        await asyncio.sleep(0.05)
            await asyncio.sleep(0.8)
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)

    asyncio.run(restarted())
    assert len(collected(owner)) == 2


def test_wrong_key_keeps_the_drivers_waiting_not_the_fleet(database, scene, registered):
    """A refused key is no reason to end: an operator may mend it."""
    port = free_port()
    config = SimulationConfig(api_url=f"http://127.0.0.1:{port}", api_key="lp_wrong")

    async def wait_a_little():
        driving = asyncio.create_task(Crew(config, *scene, lambda: datetime.now(UTC)).run())
        await asyncio.sleep(1.2)
        assert not driving.done()
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)

    with serving(database, port):
        asyncio.run(wait_a_little())
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
