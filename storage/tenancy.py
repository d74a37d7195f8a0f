"""Who asks, and what the database lets them see: keys to principals, and transactions bound to a principal.

The row security of the schema reads the settings made here; they end with the transaction, so that a pooled connection
carries nothing from one tenant to the next.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from domain.access import Principal, Role
from storage.database import AsyncConnection, AsyncPool, Connection, SyncPool, translated
from storage.queries import Queries
from storage.registry import hash_of

QUERIES = Queries("tenancy.sql")


async def authenticate(connection: AsyncConnection, api_key: str) -> Principal | None:
    """Return who an API key belongs to; None for every key that is unknown, expired or revoked."""
    with translated():
        cursor = await connection.execute(QUERIES["authenticate"], {"hash": hash_of(api_key)})
        return _principal(await cursor.fetchone())


def authenticate_sync(connection: Connection, api_key: str) -> Principal | None:
    """Return who an API key belongs to; None for every key that is unknown, expired or revoked."""
    with translated():
        return _principal(connection.execute(QUERIES["authenticate"], {"hash": hash_of(api_key)}).fetchone())


@asynccontextmanager
async def tenant(pool: AsyncPool, principal: Principal) -> AsyncIterator[AsyncConnection]:
    """Borrow a connection for one transaction that sees and writes what the principal may; commits at the end.

    Raises
    ------
    DatabaseUnavailable
        If the database is away.
    StorageError
        If it refuses.
    """
    with translated():
        async with pool.connection() as connection, connection.transaction():
            await connection.execute(QUERIES["bind"], _settings(principal))
            yield connection


@contextmanager
def tenant_sync(pool: SyncPool, principal: Principal) -> Iterator[Connection]:
    """`tenant` for synchronous callers."""
    with translated(), pool.connection() as connection, connection.transaction():
        connection.execute(QUERIES["bind"], _settings(principal))
        yield connection


def writable(principal: Principal) -> tuple[int, ...]:
    """Organisations whose plans and collections the principal may write: none for viewers."""
    if principal.role is Role.VIEWER:
        return ()
    return tuple(sorted({principal.organisation_id, *principal.plannable, *principal.operable}))


def _settings(principal: Principal) -> dict[str, str]:
    return {
        "organisations": ",".join(map(str, principal.readable)),
        "writable": ",".join(map(str, writable(principal))),
        "unowned": "on" if principal.installation_wide else "off",
    }


def _principal(row: tuple[Any, ...] | None) -> Principal | None:
    if row is None:
        return None
    identity, key, role, readable, plannable, operable, installation_wide = row
    return Principal(
        organisation_id=identity,
        organisation_key=key,
        role=Role(role),
        readable=tuple(sorted({*readable, *plannable, *operable})),
        plannable=tuple(sorted(set(plannable))),
        operable=tuple(sorted(set(operable))),
        installation_wide=installation_wide,
    )
