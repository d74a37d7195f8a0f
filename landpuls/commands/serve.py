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
    import structlog

    from api.config import ApiConfig
    from api.serve import serve as serve_api
    from landpuls import logs
    from landpuls.database import database

    settings = invocation_of(context).load({"api.host": host, "api.port": port}).settings
    logs.configure(settings.log, service="serve")
    http = settings.api
    with database(settings) as url:
        config = ApiConfig(
            database_url=url,
            host=http.host,
            port=http.port,
            base_map_url=http.base_map_url,
            pool_min=http.pool_min,
            pool_max=http.pool_max,
            statement_timeout_s=http.statement_timeout_s,
        )
        if not (config.static_dir / "index.html").exists():
            structlog.get_logger().warning("page_not_built", mend="make setup", folder=str(config.static_dir))
        raise typer.Exit(serve_api(config))
