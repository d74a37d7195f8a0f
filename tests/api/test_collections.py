"""Collections: recorded once, however often they are sent, and shown on the tour."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import Permission, Role
from storage import registry
from tests.api.conftest import open_client
from tests.api.problem import check_problem
from tests.api.region import MINUTE, NOW, Region, add_plan

pytestmark = pytest.mark.anyio


def _new(region: Region, **more) -> dict:
    return {
        "thing_id": region.ids["calau_residual"],
        "collected_at": "2026-06-10T13:58:30.25+02:00",
        "outcome": "served",
        "amount_l": 880.1,
        "weight_kg": 88.3,
        "idempotency_key": str(uuid4()),
    } | more


async def test_recorded_once(planner, region: Region):
    """The same collection sent again is answered with what was recorded, and another with its key is refused."""
    new = _new(region)
    first = await planner.post("/api/v1/collections", json=new)
    assert first.status_code == 201, first.text
    again = await planner.post("/api/v1/collections", json=new)
    assert (again.status_code, again.json()) == (200, first.json())
    assert first.json()["organisation_id"] == region.calau
    assert first.json()["collector_id"] == region.association
    assert first.json()["collected_at"] == "2026-06-10T11:58:30.250000Z"
    for change in (
        {"amount_l": 880.2},
        {"outcome": "skipped", "reason": "blocked"},
        {"thing_id": region.ids["calau_paper"]},
    ):
        check_problem(await planner.post("/api/v1/collections", json=new | change), 409, "conflict")
    assert len((await planner.get("/api/v1/collections")).json()["items"]) == 1


async def test_plan_goes_on(planner, owner, region: Region):
    """A plan is in progress from the first collection on, done with the last, and its stops show what was done."""
    ids = add_plan(owner, region, "published")
    plan, tour = f"/api/v1/plans/{ids['plan']}", f"/api/v1/tours/{ids['tour']}"
    first = _new(region, stop_id=ids["calau_residual"])
    assert (await planner.post("/api/v1/collections", json=first)).status_code == 201
    assert (await planner.get(plan)).json()["status"] == "in_progress"
    stops = (await planner.get(tour)).json()["stops"]
    assert stops[1]["collection"] == {"outcome": "served", "collected_at": "2026-06-10T11:58:30.250000Z"}
    assert stops[2]["collection"] is None
    last = _new(
        region,
        thing_id=region.ids["calau_paper"],
        stop_id=ids["calau_paper"],
        outcome="skipped",
        reason="blocked by a car",
    )
    assert (await planner.post("/api/v1/collections", json=last)).status_code == 201
    assert (await planner.get(plan)).json()["status"] == "done"


async def test_a_contractor_reports_what_it_may_operate(app, owner, region: Region):
    """Who operates for an organisation reports collections there and moves the plan on, but plans nothing."""
    ids = add_plan(owner, region, "published")
    contractor = registry.add_organisation(owner, key="lauchhammer-logistik", name="LL", kind="contractor")
    for organisation in (region.calau, region.association):
        registry.grant(
            owner, organisation_id=organisation, grantee_id=contractor, permission=Permission.OPERATE
        )
    keys = {
        role: registry.create_api_key(owner, contractor, role, role) for role in (Role.PLANNER, Role.VIEWER)
    }
    owner.commit()
    new = _new(region, stop_id=ids["calau_residual"])
    async with open_client(app, keys[Role.VIEWER]) as client:
        check_problem(await client.post("/api/v1/collections", json=new), 403, "forbidden")
    async with open_client(app, keys[Role.PLANNER]) as client:
        done = await client.post("/api/v1/collections", json=new)
        assert done.status_code == 201, done.text
        assert (done.json()["organisation_id"], done.json()["collector_id"]) == (region.calau, contractor)
        assert (await client.get(f"/api/v1/plans/{ids['plan']}")).json()["status"] == "in_progress"
        elsewhere = _new(region, thing_id=region.ids["vetschau_residual"])
        check_problem(await client.post("/api/v1/collections", json=elsewhere), 404)
        published = await client.post(f"/api/v1/plans/{ids['plan']}/publish")
        check_problem(published, 403, "forbidden")


async def test_what_cannot_be(planner, owner, region: Region):
    """A collection of the future, of long ago, elsewhere, or skipped without reason is refused by its field."""
    ids = add_plan(owner, region, "published")
    draft = add_plan(owner, region, "draft")
    wrong = {
        "collected_at": [
            (NOW + 6 * MINUTE).isoformat(),
            (NOW - timedelta(days=31)).isoformat(),
            "2026-06-10T12:00:00",
        ],
        "outcome": ["eaten"],
        "amount_l": [-1, 1e9, "much"],
        "weight_kg": [-0.5],
        "idempotency_key": ["1"],
        "stop_id": [ids["calau_paper"]],
        "colour": ["red"],
    }
    for field, values in wrong.items():
        for value in values:
            response = await planner.post("/api/v1/collections", json=_new(region, **{field: value}))
            assert check_problem(response, 422)["errors"][0]["field"] == field
    skipped = await planner.post("/api/v1/collections", json=_new(region, outcome="skipped", reason=" "))
    assert check_problem(skipped, 422)["errors"][0]["field"] == "reason"
    unpublished = _new(region, stop_id=draft["calau_residual"])
    check_problem(await planner.post("/api/v1/collections", json=unpublished), 409)
    for unknown in ({"thing_id": 999_999}, {"thing_id": region.ids["counter"]}, {"stop_id": 999_999}):
        check_problem(await planner.post("/api/v1/collections", json=_new(region, **unknown)), 404)
    assert (await planner.get("/api/v1/collections")).json()["items"] == []


async def test_list(planner, calau, vetschau, region: Region):
    """Collections come newest first, also to those whose containers were emptied, and to nobody else."""
    for minutes in (3, 1, 2):
        collected_at = (NOW - minutes * MINUTE).isoformat()
        assert (
            await planner.post("/api/v1/collections", json=_new(region, collected_at=collected_at))
        ).status_code == 201
    for client in (planner, calau):
        first = (await client.get("/api/v1/collections", params={"limit": 2})).json()
        rest = (
            await client.get("/api/v1/collections", params={"limit": 2, "cursor": first["next_cursor"]})
        ).json()
        times = [one["collected_at"][14:16] for one in first["items"] + rest["items"]]
        assert times == ["59", "58", "57"]
    assert (await vetschau.get("/api/v1/collections")).json()["items"] == []
    other = await planner.get("/api/v1/collections", params={"thing": region.ids["calau_paper"]})
    assert other.json()["items"] == []
