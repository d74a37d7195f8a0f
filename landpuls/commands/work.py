"""``landpuls work``: rollups, states and jobs."""

import typer

from landpuls.invocation import invocation_of


def work(context: typer.Context) -> None:
    """Keep fill levels and flows up to date, and run the planning jobs."""
    from landpuls import logs
    from landpuls.database import database
    from landpuls.kernels import use_cache

    settings = invocation_of(context).load().settings
    logs.configure(settings.log, service="work")
    use_cache(settings.home)
    from processing.worker import WorkerConfig, run

    with database(settings) as url:
        raise typer.Exit(
            run(WorkerConfig(database_url=url, poll_s=settings.worker.poll_s, jobs=settings.worker.jobs))
        )
