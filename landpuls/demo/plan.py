"""Asks for today's plan, as a planner's own program would: over HTTP, with an API key."""

from datetime import date

import httpx

from domain.errors import LandpulsError

SEARCH_S = 4.0
REASON = "Demonstration: today's tours"


class PlanRefused(LandpulsError):
    """The API did not take the request for a plan."""


def request_plan(api_url: str, api_key: str, day: date, *, seconds: float = SEARCH_S) -> int:
    """Have the day planned and published; return the plan's id.

    Raises
    ------
    PlanRefused
        If the API cannot be reached or refuses; says what it said.
    """
    wish = {"day": day.isoformat(), "publish": True, "seconds": seconds, "reason": REASON}
    try:
        answer = httpx.post(
            f"{api_url}/api/v1/plans",
            json=wish,
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=10.0,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise PlanRefused(f"The API at {api_url} cannot be reached: {error}.") from error
    if answer.status_code != httpx.codes.ACCEPTED:
        raise PlanRefused(f"The API did not take the request for a plan: {_said(answer)}")
    return int(answer.json()["id"])


def is_ready(api_url: str) -> bool:
    """Whether the API answers and reaches its database."""
    try:
        return httpx.get(f"{api_url}/readyz", timeout=2.0, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _said(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{answer.status_code} {problem.get('title', '')}: {problem.get('detail', '')}"
    except (ValueError, AttributeError):
        return f"{answer.status_code} {answer.text[:300]}"
