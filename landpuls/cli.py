"""The tree of commands; each imports what it needs only when it runs, so that ``--help`` answers at once."""

from pathlib import Path
from typing import Annotated

import typer

from landpuls import __version__
from landpuls.commands import (
    config,
    demo,
    demo_region,
    doctor,
    ingest,
    keys,
    ledger,
    messages,
    migrate,
    openapi,
    organisations,
    plan,
    profiles,
    serve,
    simulate,
    solve,
    warm,
    work,
)
from landpuls.invocation import invocation_of

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"landpuls {__version__}")
        raise typer.Exit


@app.callback(epilog="Example: landpuls demo")
def landpuls(
    context: typer.Context,
    config_file: Annotated[
        Path | None, typer.Option("--config", help="Settings file; otherwise landpuls.toml in this folder.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="Folder of the embedded database, caches and keys.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error arose.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Bin sensors and traffic counters in, today's collection tours and a live picture of the roads out."""
    invocation = invocation_of(context)
    invocation.config, invocation.home, invocation.debug = config_file, home, debug


TRY, RUN, LOOK = "Try it", "Run it", "Look into it"

app.command("demo", rich_help_panel=TRY, epilog="Example: landpuls demo --fresh")(demo.demo)
app.command("doctor", rich_help_panel=TRY, epilog="Example: landpuls doctor")(doctor.doctor)
app.command("warm", rich_help_panel=TRY, epilog="Example: landpuls warm")(warm.warm)

app.command("migrate", rich_help_panel=RUN, epilog="Example: landpuls migrate --rehearse")(migrate.migrate)
app.command("demo-region", rich_help_panel=RUN, epilog="Example: landpuls demo-region --json")(
    demo_region.demo_region
)
app.add_typer(organisations.app, name="organisations", rich_help_panel=RUN)
app.add_typer(keys.app, name="keys", rich_help_panel=RUN)
app.command("ingest", rich_help_panel=RUN, epilog="Example: landpuls ingest --client-id ingest-1")(
    ingest.ingest
)
app.command("work", rich_help_panel=RUN, epilog="Example: landpuls work")(work.work)
app.command("serve", rich_help_panel=RUN, epilog="Example: landpuls serve --port 8001")(serve.serve)
app.command("simulate", rich_help_panel=RUN, epilog="Example: landpuls simulate --history-days 3")(
    simulate.simulate
)

app.command("plan", rich_help_panel=LOOK, epilog="Example: landpuls plan --publish --seconds 20")(plan.plan)
app.command(
    "solve",
    rich_help_panel=LOOK,
    epilog="Example: landpuls solve X-n101-k25.vrp --seconds 10 --out found.sol --progress",
)(solve.solve)
app.command("ledger", rich_help_panel=LOOK, epilog="Example: landpuls ledger --from 2026-11-01 --by-device")(
    ledger.ledger
)
app.command("openapi", rich_help_panel=LOOK, epilog="Example: landpuls openapi > openapi.json")(
    openapi.openapi
)
app.add_typer(messages.app, name="messages", rich_help_panel=LOOK)
app.add_typer(profiles.app, name="profiles", rich_help_panel=LOOK)
app.add_typer(config.app, name="config", rich_help_panel=LOOK)
