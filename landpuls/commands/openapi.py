"""``landpuls openapi``: the API's description, and whether the committed one is up to date."""

from pathlib import Path
from typing import Annotated

import typer

from domain.errors import LandpulsError
from landpuls.output import notes

COMMITTED = Path("api/openapi.json")


def openapi(
    check: Annotated[
        bool, typer.Option("--check", help=f"Compare with {COMMITTED} instead of printing.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Write {COMMITTED}.")] = False,
) -> None:
    """Print the API's OpenAPI document."""
    text = _document()
    if write:
        COMMITTED.write_text(text, encoding="utf-8")
        notes().print(f"Wrote {COMMITTED}.")
    elif check:
        committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
        if committed != text:
            raise LandpulsError(
                f"{COMMITTED} does not describe the API any more; run `landpuls openapi --write` and commit it."
            )
        notes().print(f"{COMMITTED} describes the API.")
    else:
        typer.echo(text, nl=False)


def _document() -> str:
    import json

    from api.openapi import document

    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
