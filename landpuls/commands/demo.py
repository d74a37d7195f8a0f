"""``landpuls demo``: a living district in one terminal."""

from typing import Annotated

import typer

from landpuls.commands.options import Json
from landpuls.invocation import invocation_of


def demo(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Stop at 5,000 readings and a published plan.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the demo's data and begin anew.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the page and the API.")] = None,
    as_json: Json = False,
) -> None:
    """Bring a simulated district to life: database, broker, devices, tours, page."""
    from landpuls import logs
    from landpuls.demo.supervisor import run
    from landpuls.kernels import use_cache

    settings = invocation_of(context).load({"api.port": port}).settings
    logs.configure(settings.log, service="demo")
    use_cache(settings.home)
    raise typer.Exit(run(settings, once=once, fresh=fresh, as_json=as_json))
