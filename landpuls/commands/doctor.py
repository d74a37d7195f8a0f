"""``landpuls doctor``: what is missing here, and how to mend it."""

from dataclasses import asdict

import typer

from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import print_json, print_table


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Look at the settings, the database, the broker and the machine; exit 1 if something must be mended."""
    from landpuls.doctor import examine

    findings = list(examine(invocation_of(context).load()))
    healthy = all(finding.verdict != "bad" for finding in findings)
    if as_json:
        print_json({"healthy": healthy, "findings": [asdict(finding) for finding in findings]})
    else:
        print_table(
            ("check", "verdict", "detail"), [[one.check, one.verdict, one.detail] for one in findings]
        )
    raise typer.Exit(0 if healthy else 1)
