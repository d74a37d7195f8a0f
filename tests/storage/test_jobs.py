"""Jobs are deferred by name, by the API and the worker."""

import asyncio

import pytest

from storage.jobs import DRAFT_PLAN, job_app


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_job_deferred_by_name_is_run(database, role):
    """Whoever defers needs the name only; the worker runs it once."""
    ran = []

    async def live():
        asking = job_app(database, role)
        async with asking.open_async():
            await asking.configure_task(DRAFT_PLAN).defer_async(plan_id=7)
        working = job_app(database, "worker")

        @working.task(name=DRAFT_PLAN)
        async def draft_plan(plan_id: int) -> None:
            ran.append(plan_id)

        async with working.open_async():
            await working.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(live())
    assert ran == [7]
