"""Names of the jobs, and the queue they stand in: Procrastinate's tables in the schema `jobs`.

Whoever asks for work needs the name only, so that the API never imports what the worker runs.
"""

from procrastinate import App, PsycopgConnector

from storage.database import Role, session

SCHEMA = "jobs"
DRAFT_PLAN = "draft_plan"
"""Compute a requested plan; argument: plan_id."""


def job_app(url: str, role: Role, max_size: int = 4) -> App:
    """The queue, to defer jobs to by their name or to register tasks with; open it before use.

    Examples
    --------
    `app.configure_task(DRAFT_PLAN).defer(plan_id=1)` inside `with app.open():`
    """
    connector = PsycopgConnector(
        conninfo=url, kwargs=session(url, role, SCHEMA), min_size=1, max_size=max_size
    )
    return App(connector=connector)
