"""``landpuls work``: rollups, states, jobs and retention."""

import typer

from landpuls.invocation import invocation_of


def work(context: typer.Context) -> None:
    """Keep fill levels and flows up to date, run the planning jobs, and remove what is beyond retention."""
    from landpuls import logs
    from landpuls.database import database
    from landpuls.kernels import use_cache

    settings = invocation_of(context).load().settings
    logs.configure(settings.log, service="work")
    use_cache(settings.home)
    from processing.worker import WorkerConfig, run
    from storage.maintenance import Retention

    kept = settings.retention
    retention = Retention(
        messages_days=kept.messages_days or None,
        readings_days=kept.readings_days or None,
        passages_days=kept.passages_days or None,
        message_keys_days=kept.message_keys_days,
    )
    with database(settings) as url:
        worker = settings.worker
        config = WorkerConfig(database_url=url, poll_s=worker.poll_s, jobs=worker.jobs, retention=retention)
        raise typer.Exit(run(config))
