"""Each organisation sees what is its own or granted to it, on every endpoint."""

from datetime import timedelta

import pytest

from domain.access import Permission, Role
from domain.messages import OutcomeKind
from storage import registry
from storage.batch import commit_batch
from tests.api.conftest import open_client
from tests.api.problem import check_problem
from tests.api.region import NOW, TODAY, Region, add_plan, fill, outcome

pytestmark = pytest.mark.anyio

RANGE = {"from": str(TODAY), "to": str(TODAY)}


async def _items(client, path, **query):
    response = await client.get(f"/api/v1/{path}", params=query)
    assert response.status_code == 200, response.text
    return response.json()["items"]


async def test_things_of_others(calau, vetschau, planner, region: Region):
    """A municipality sees its own things, the association those that were granted to it."""
    own = {thing["organisation_id"] for thing in await _items(calau, "things")}
    assert own == {region.calau}
    assert {thing["organisation_id"] for thing in await _items(vetschau, "things")} == {region.vetschau}
    assert {thing["organisation_id"] for thing in await _items(planner, "things")} == {region.calau}
    assert {one["id"] for one in await _items(planner, "organisations")} == {region.calau, region.association}


async def test_single_resources_of_others(vetschau, owner, ingest, region: Region):
    """What belongs to others is not found, as if it did not exist."""
    fill(region, ingest, "calau_residual", [40.0])
    plan = add_plan(owner, region, "published")
    stream = region.stream("calau_residual", "fill_level")
    paths = [
        f"things/{region.ids['calau_residual']}",
        f"things/{region.ids['calau_residual']}/readings?quantity=fill_level",
        f"datastreams/{stream}/readings",
        f"containers/{region.ids['calau_residual']}",
        f"counters/{region.ids['counter']}",
        f"counters/{region.ids['counter']}/flows",
        f"plans/{plan['plan']}",
        f"plans/{plan['plan']}/tours.geojson",
        f"tours/{plan['tour']}",
        f"tours/{plan['tour']}.geojson",
        f"devices/{region.ids['device']}",
        f"devices/{region.ids['device']}/ledger",
    ]
    for path in paths:
        check_problem(await vetschau.get(f"/api/v1/{path}"), 404, "not-found")


async def test_lists_of_others(calau, vetschau, owner, ingest, region: Region):
    """No list shows anything of an organisation that granted nothing."""
    fill(region, ingest, "calau_residual", [40.0, 41.0])
    fill(region, ingest, "vetschau_residual", [70.0])
    add_plan(owner, region, "published")
    for path in ("things", "containers", "counters", "devices", "messages", "organisations"):
        shown = {one.get("organisation_id", one.get("id")) for one in await _items(vetschau, path)}
        assert shown <= {region.vetschau}, path
    for path in ("plans", "tours", "collections", "quarantine"):
        assert await _items(vetschau, path) == [], path
    counted = (await vetschau.get("/api/v1/ledger", params=RANGE)).json()
    assert counted["total"]["received"] == 1
    assert (await calau.get("/api/v1/ledger", params=RANGE)).json()["total"]["received"] == 2


async def test_filters_open_nothing(vetschau, region: Region):
    """Asking for another organisation by name shows nothing."""
    for name in (str(region.calau), "120660052052"):
        assert await _items(vetschau, "things", organisation=name) == []
        assert await _items(vetschau, "containers", organisation=name) == []


async def test_grants_end(app, owner, region: Region):
    """A grant counts from its begin to its end, and a new one at the next request."""
    async with open_client(app, region.key("vetschau")) as client:
        assert {one["organisation_id"] for one in await _items(client, "things")} == {region.vetschau}
        registry.grant(
            owner, organisation_id=region.calau, grantee_id=region.vetschau, permission=Permission.READ
        )
        owner.commit()
        assert {one["organisation_id"] for one in await _items(client, "things")} == {
            region.vetschau,
            region.calau,
        }
        owner.execute("UPDATE organisation_grant SET valid_until = now()")
        owner.commit()
        assert {one["organisation_id"] for one in await _items(client, "things")} == {region.vetschau}


async def test_revoked_and_expired_keys(app, owner, region: Region):
    """A key that was revoked or has expired opens nothing from the next request on."""
    key = region.key("calau")
    async with open_client(app, key) as client:
        assert (await client.get("/api/v1/me")).status_code == 200
        owner.execute(
            "UPDATE api_key SET expires_at = now() - interval '1 second' WHERE organisation_id = %s",
            [region.calau],
        )
        owner.commit()
        check_problem(await client.get("/api/v1/me"), 401)
        owner.execute("UPDATE api_key SET expires_at = NULL, revoked_at = now()")
        owner.commit()
        check_problem(await client.get("/api/v1/me"), 401)


async def test_reading_is_not_planning(app, owner, region: Region):
    """A grant to read lets nobody record collections, whatever the role of the key."""
    registry.grant(
        owner, organisation_id=region.calau, grantee_id=region.vetschau, permission=Permission.READ
    )
    owner.commit()
    async with open_client(app, region.key("vetschau", Role.PLANNER)) as client:
        new = {
            "thing_id": region.ids["calau_residual"],
            "collected_at": NOW.isoformat(),
            "outcome": "served",
            "idempotency_key": "6f1c9d0e-5f0e-4f52-9d0f-0d2a3c1b7e55",
        }
        check_problem(await client.post("/api/v1/collections", json=new), 403, "forbidden")


async def test_messages_of_nobody(app, calau, owner, ingest, region: Region):
    """Messages of unknown devices belong to no organisation: no operator of one sees them, only the installation's."""
    unknown = outcome(
        None,
        None,
        "unknown",
        kind=OutcomeKind.QUARANTINED,
        reason="unknown_device",
        detail="Unknown.",
        device_key="ff",
    )
    commit_batch(ingest, [unknown])
    assert await _items(calau, "quarantine") == []
    for organisation in ("calau", "vetschau"):
        async with open_client(app, region.key(organisation, Role.OPERATOR)) as operator:
            assert await _items(operator, "quarantine") == await _items(operator, "messages") == []
    key = registry.create_api_key(owner, region.calau, "all", Role.OPERATOR, installation_wide=True)
    owner.commit()
    async with open_client(app, key) as operator:
        assert [one["device_key"] for one in await _items(operator, "quarantine")] == ["ff"]


async def test_me(calau, planner, region: Region):
    """A caller learns who it is and for whom it may plan."""
    me = (await planner.get("/api/v1/me")).json()
    assert me["organisation"] == {"id": region.association, "key": "kav", "name": "Abfallverband"}
    assert me["role"] == "planner"
    assert me["readable"] == me["plannable"] == sorted([region.calau, region.association])
    assert (await calau.get("/api/v1/me")).json()["readable"] == [region.calau]


async def test_one_connection_two_tenants(config, owner, ingest, region: Region):
    """One pooled connection serves two tenants in turn, and shows neither anything of the other's."""
    from dataclasses import replace

    from api.app import create_app

    app = create_app(replace(config, pool_min=1, pool_max=1), clock=lambda: NOW)
    fill(region, ingest, "calau_residual", [40.0], end=NOW - timedelta(hours=1))
    async with (
        app.router.lifespan_context(app),
        open_client(app, region.key("calau")) as first,
        open_client(app, region.key("vetschau")) as second,
    ):
        for _ in range(3):
            assert {one["organisation_id"] for one in await _items(first, "messages")} == {region.calau}
            assert await _items(second, "messages") == []
