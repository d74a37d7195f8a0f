"""Running a named query for rows as dictionaries, the form that the response models take."""

from typing import Any, LiteralString

from psycopg.rows import dict_row

from storage.database import AsyncConnection

Row = dict[str, Any]


async def rows(connection: AsyncConnection, query: LiteralString, /, **parameters: Any) -> list[Row]:
    """Return every row of the query."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchall()


async def row(connection: AsyncConnection, query: LiteralString, /, **parameters: Any) -> Row | None:
    """Return the first row of the query, or None."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()
