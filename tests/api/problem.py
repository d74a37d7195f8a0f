"""What every error of the service looks like."""

import httpx

REQUIRED = {"type", "title", "status", "detail", "instance", "request_id"}


def check_problem(response: httpx.Response, status: int, name: str | None = None) -> dict:
    """Assert that the response is a problem document of this status, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) >= REQUIRED
    assert body["status"] == status
    assert body["type"].startswith("/api/v1/problems/")
    assert body["detail"]
    assert body["instance"] == response.request.url.path
    assert body["request_id"] == response.headers["x-request-id"]
    assert "Traceback" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    if name:
        assert body["type"] == f"/api/v1/problems/{name}"
    return body
