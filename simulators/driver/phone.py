"""What a driver's phone asks of the API, over a network that comes and goes."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import structlog

log = structlog.get_logger(__name__)

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 15.0
_TIMEOUT_S = 10.0
_TRY_AGAIN = frozenset({401, 403, 408, 425, 429})
"""Refusals that an operator or time may mend; every other 4xx is final."""


class Phone:
    """Reads tours and posts collections; waits and tries again while the API is away."""

    def __init__(self, url: str, api_key: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=_TIMEOUT_S,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def tours(self) -> list[dict[str, Any]]:
        """The tours in force today, with all of their stops."""
        return await self._items("/api/v1/tours")

    async def container_keys(self) -> dict[int, str]:
        """The key of every container that the driver may see, by the id of its thing."""
        return {int(one["thing_id"]): str(one["key"]) for one in await self._items("/api/v1/containers")}

    async def report(self, collection: Mapping[str, Any]) -> bool:
        """Post a collection until it is recorded; False if it is refused for good."""
        answer = await self._ask("POST", "/api/v1/collections", json=collection)
        if answer.is_success:
            return True
        log.warning("collection_refused", status=answer.status_code, problem=answer.text[:300])
        return False

    async def _items(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            answer = await self._ask("GET", path, params={} if cursor is None else {"cursor": cursor})
            answer.raise_for_status()
            body = answer.json()
            items += body["items"]
            cursor = body.get("next_cursor")
            if cursor is None:
                return items

    async def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        wait_s, told = _FIRST_WAIT_S, False
        while True:
            try:
                answer = await self._client.request(method, path, **content)
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
            else:
                if answer.status_code < 500 and answer.status_code not in _TRY_AGAIN:
                    return answer
                reason = f"{answer.status_code} {answer.reason_phrase}"
            if not told:
                log.warning("api_away", path=path, reason=reason)
                told = True
            await asyncio.sleep(wait_s)
            wait_s = min(_LONGEST_WAIT_S, wait_s * 2)
