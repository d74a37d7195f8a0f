"""Tenancy is the database's: nothing of another organisation is visible, whatever a query forgets."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from domain.access import Permission, Principal, Role
from domain.errors import StorageError
from domain.messages import OutcomeKind, Reason
from storage import registry
from storage.batch import commit_batch
from storage.database import connect, open_async_pool, open_pool
from storage.restate import restate
from storage.tenancy import authenticate, authenticate_sync, tenant, tenant_sync
from tests.storage.yard import NOON, passage, reading, stored

VIEWS = (
    "visible_reading",
    "visible_passage",
    "visible_message",
    "visible_rollup_15min",
    "visible_rollup_hour",
    "visible_rollup_day",
    "visible_reading_conflict",
)


def principal(
    organisation: int, *more: int, role: Role = Role.VIEWER, installation_wide: bool = False
) -> Principal:
    """Someone who may read, plan and operate these organisations."""
    ids = (organisation, *more)
    return Principal(
        organisation_id=organisation,
        organisation_key="",
        role=role,
        readable=ids,
        plannable=ids,
        operable=ids,
        installation_wide=installation_wide,
    )


@pytest.fixture
def filled(ingest, worker, yard):
    """A yard with readings, passages, messages, conflicts, rollups and latest values of both organisations."""
    mine, theirs = yard.streams["container fill_level"], yard.streams["other_container fill_level"]
    commit_batch(
        ingest,
        [
            stored(yard, "a", [reading(mine, NOON, 1.0)], passages=[passage(yard, NOON)]),
            stored(yard, "b", [reading(mine, NOON, 2.0)]),
            stored(yard, "c", [reading(theirs, NOON, 3.0)], organisation_id=yard.other),
            stored(yard, "d", [reading(theirs, NOON, 4.0)], organisation_id=yard.other),
            stored(
                yard,
                "e",
                kind=OutcomeKind.QUARANTINED,
                reason=Reason.UNKNOWN_DEVICE,
                organisation_id=None,
                device_id=None,
            ),
        ],
    )
    restate(worker, 1000)
    worker.commit()
    return yard


def test_every_owned_table_forces_row_security(owner):
    """A table with organisation_id that the API may touch has forced row security; a new one cannot be forgotten."""
    found = owner.execute(
        """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
            WHERE c.relnamespace = 'landpuls'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            ORDER BY 1"""
    ).fetchall()
    assert [name for name, forced in found if not forced] == ["message"]
    assert len(found) > 20


def test_the_api_has_no_right_on_what_carries_no_row_security(owner):
    """Readings, messages, rollups and keys are out of the API's reach but for the views."""
    found = owner.execute(
        """SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'landpuls'::regnamespace AND c.relkind IN ('r', 'p', 'S') AND NOT c.relrowsecurity
              AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege('landpuls_api', c.oid, 'USAGE, SELECT, UPDATE')
                  ELSE has_any_column_privilege('landpuls_api', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
                       OR has_table_privilege('landpuls_api', c.oid, 'DELETE, TRUNCATE, TRIGGER') END"""
    ).fetchall()
    assert found == [("device_profile",)]


def test_views_the_api_reads_are_barriers(owner):
    """No function in a query can look behind a view."""
    found = owner.execute(
        """SELECT relname FROM pg_class
            WHERE relnamespace = 'landpuls'::regnamespace AND relkind = 'v' AND relname LIKE 'visible%'
              AND 'security_barrier=true' = ANY (reloptions)"""
    ).fetchall()
    assert {name for (name,) in found} == set(VIEWS)


def test_ingest_neither_plans_nor_reads_keys(ingest):
    """The process that faces devices has no right on plans, vehicles and API keys."""
    for table in ("plan", "tour", "vehicle", "api_key", "collection"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ingest.execute(f"SELECT 1 FROM {table}")
        ingest.rollback()


def test_without_a_tenant_nothing_is_visible(database, filled):
    """Unset settings show no row of any organisation, in tables and views alike."""
    with connect(database, "api") as connection:
        for table in ("organisation", "thing", "datastream", "latest", "device", *VIEWS):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_one_pooled_connection_serves_two_tenants_in_turn(database, filled):
    """A borrowed connection shows each tenant its own, and nothing of the one who had it before."""
    with open_pool(database, "api", min_size=1, max_size=1) as pool:
        seen = {}
        backends = set()
        for organisation in (filled.organisation, filled.other, filled.organisation):
            with tenant_sync(pool, principal(organisation)) as connection:
                backends.add(connection.info.backend_pid)
                owners = set()
                for view in VIEWS:
                    rows = connection.execute(f"SELECT DISTINCT organisation_id FROM {view}").fetchall()
                    owners |= {one for (one,) in rows}
                latest = connection.execute(
                    "SELECT value FROM latest WHERE value < 10 ORDER BY value"
                ).fetchall()
                ids = connection.execute("SELECT id FROM organisation").fetchall()
            assert owners == {organisation}
            assert ids == [(organisation,)]
            seen.setdefault(organisation, set()).update(value for (value,) in latest)
        assert len(backends) == 1
        assert seen[filled.other] == {3.0}
        assert 3.0 not in seen[filled.organisation]
        with pool.connection() as connection:
            assert connection.execute("SELECT count(*) FROM visible_reading").fetchone() == (0,)


def test_the_asynchronous_pool_keeps_tenants_apart_too(database, filled):
    """The same holds for the pool that the API uses, after errors as well."""

    async def visit():
        async with await open_async_pool(database, "api", 1, 1) as pool:
            for organisation in (filled.organisation, filled.other):
                with pytest.raises(StorageError):
                    async with tenant(pool, principal(organisation)) as connection:
                        await connection.execute("SELECT 1/0")
                async with tenant(pool, principal(organisation)) as connection:
                    cursor = await connection.execute("SELECT DISTINCT organisation_id FROM visible_reading")
                    assert await cursor.fetchall() == [(organisation,)]

    asyncio.run(visit())


def test_a_leaky_condition_sees_nothing_of_others(database, filled):
    """A function that tells what it is given is given rows of the tenant only."""
    with connect(database, "api") as connection:
        connection.execute(
            "SELECT set_config('landpuls.organisations', %s, true)", (str(filled.organisation),)
        )
        connection.execute(
            """CREATE FUNCTION pg_temp.tell(float8) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS
               $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"""
        )
        told = []
        connection.add_notice_handler(lambda notice: told.append(float(notice.message_primary)))
        connection.execute("SELECT * FROM visible_reading WHERE pg_temp.tell(value)")
        connection.execute("SELECT * FROM latest WHERE pg_temp.tell(value)")
        assert told
        assert not {3.0, 4.0} & set(told)


def test_messages_of_nobody_are_for_the_installation(database, filled):
    """What names no organisation is seen with a key for the whole installation, by no organisation's operator."""
    with open_pool(database, "api") as pool:
        for role, wide, count in (
            (Role.VIEWER, False, 0),
            (Role.PLANNER, False, 0),
            (Role.OPERATOR, False, 0),
            (Role.OPERATOR, True, 1),
        ):
            someone = principal(filled.organisation, role=role, installation_wide=wide)
            with tenant_sync(pool, someone) as connection:
                row = connection.execute(
                    "SELECT count(*) FROM visible_message WHERE organisation_id IS NULL"
                ).fetchone()
                assert row == (count,), role


def test_closed_sums_are_seen_by_whom_their_messages_were(database, worker, filled):
    """Every key sees the same ledger before and after the messages are removed, sums of nobody's messages included."""
    from storage.maintenance import Retention, maintain

    def seen() -> dict[tuple[bool, int], int]:
        count = (
            "SELECT (SELECT count(*) FROM visible_message)"
            " + (SELECT coalesce(sum(received), 0) FROM ledger_closed)"
        )
        found = {}
        with open_pool(database, "api") as pool:
            for wide in (False, True):
                for organisation in (filled.organisation, filled.other):
                    someone = principal(organisation, role=Role.OPERATOR, installation_wide=wide)
                    with tenant_sync(pool, someone) as connection:
                        row = connection.execute(count).fetchone()
                        found[wide, organisation] = int(row[0])
        return found

    before = seen()
    assert maintain(worker, NOON + timedelta(days=100), Retention(messages_days=60)).messages == 5
    assert seen() == before
    assert set(before.values()) == {2, 3}


def test_writing_is_bound_to_writable_organisations(database, filled):
    """A planner writes plans of its own, not of others; a viewer writes none."""
    insert = "INSERT INTO plan (organisation_id, day) VALUES (%s, '2026-03-10')"
    with open_pool(database, "api") as pool:
        with tenant_sync(pool, principal(filled.organisation, role=Role.PLANNER)) as connection:
            connection.execute(insert, (filled.organisation,))
        for who, role in ((filled.other, Role.PLANNER), (filled.organisation, Role.VIEWER)):
            someone = principal(filled.organisation, role=role)
            refused = pytest.raises(StorageError, match="row-level security")
            with refused, tenant_sync(pool, someone) as connection:
                connection.execute(insert, (who,))


def test_keys_authenticate_until_they_end(database, owner, yard):
    """A key tells its organisation, role and what was granted; unknown, expired and revoked ones tell nothing."""
    key = registry.create_api_key(owner, yard.organisation, "desk", Role.PLANNER)
    expired = registry.create_api_key(
        owner, yard.organisation, "old", Role.PLANNER, datetime(2020, 1, 1, tzinfo=UTC)
    )
    wide = registry.create_api_key(owner, yard.organisation, "all", Role.OPERATOR, installation_wide=True)
    gone = registry.create_api_key(owner, yard.organisation, "gone", Role.PLANNER)
    owner.execute("UPDATE api_key SET revoked_at = now() WHERE name = 'gone'")
    registry.grant(
        owner, organisation_id=yard.other, grantee_id=yard.organisation, permission=Permission.PLAN
    )
    owner.commit()
    assert key.startswith("lp_")
    assert owner.execute(
        "SELECT count(*) FROM api_key WHERE position(%s::bytea in hash) > 0", (key.encode(),)
    ).fetchone() == (0,)
    with connect(database, "api") as connection:
        assert authenticate_sync(connection, key) == Principal(
            organisation_id=yard.organisation,
            organisation_key="yard",
            role=Role.PLANNER,
            readable=(yard.organisation, yard.other),
            plannable=(yard.organisation, yard.other),
            operable=(yard.organisation,),
        )
        found = authenticate_sync(connection, wide)
        assert found is not None
        assert found.installation_wide
        for bad in (expired, gone, "lp_nobody", "", "\0", "ü" * 10_000, key + " "):
            assert authenticate_sync(connection, bad) is None

    async def ask():
        async with await open_async_pool(database, "api") as pool, pool.connection() as connection:
            return await authenticate(connection, key)

    assert asyncio.run(ask()) is not None


def test_a_grant_that_has_ended_shows_nothing(database, owner, yard):
    """Grants hold for their period only."""
    key = registry.create_api_key(owner, yard.organisation, "desk", Role.VIEWER)
    past = datetime.now(UTC) - timedelta(days=2)
    registry.grant(
        owner,
        organisation_id=yard.other,
        grantee_id=yard.organisation,
        permission=Permission.READ,
        valid_from=past,
        valid_until=past + timedelta(days=1),
    )
    owner.commit()
    with connect(database, "api") as connection:
        found = authenticate_sync(connection, key)
        assert found is not None
        assert found.readable == (yard.organisation,)
