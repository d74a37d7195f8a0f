"""The OpenAPI document without a running service: written to api/openapi.json, from which the page's types come."""

import json
from pathlib import Path
from typing import Any

from api.app import create_app
from api.config import ApiConfig

COMMITTED = Path(__file__).parent / "openapi.json"


def document() -> dict[str, Any]:
    """Return the document; it needs no database and does not depend on settings."""
    return create_app(ApiConfig(database_url="")).openapi()


def text() -> str:
    """Return the document as it is committed: keys sorted, so that it changes only when the API does."""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(path: Path = COMMITTED) -> bool:
    """Write the document; return whether that changed the file."""
    changed = not is_current(path)
    if changed:
        path.write_text(text(), encoding="utf-8")
    return changed


def is_current(path: Path = COMMITTED) -> bool:
    """Whether the committed document describes the API."""
    return path.exists() and path.read_text(encoding="utf-8") == text()
