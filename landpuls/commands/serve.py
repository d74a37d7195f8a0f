"""``landpuls serve``: the API and the page."""

from typing import Annotated

import typer

from landpuls.invocation import invocation_of


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the API and the page."""
    from api.config import ApiConfig
    from api.serve import serve as serve_api
    from landpuls import logs
    from landpuls.database import database

    settings = invocation_of(context).load({"api.host": host, "api.port": port}).settings
    logs.configure(settings.log, service="serve")
    with database(settings) as url:
        raise typer.Exit(
            serve_api(ApiConfig(database_url=url, host=settings.api.host, port=settings.api.port))
        )
