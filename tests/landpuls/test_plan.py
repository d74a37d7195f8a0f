"""`landpuls plan` makes tours for the demo region without any other process."""

import json
from datetime import UTC, datetime

import pytest

from device_profiles.registry import Profiles
from landpuls.demo.seed import seed
from simulators.region import oberspreewald_lausitz
from storage.database import connect

pytestmark = pytest.mark.slow

ITERATIONS = "200"
DAY = "2026-11-25"  # a Wednesday
NEARLY_FULL = 50


@pytest.fixture
def kernels():
    """Let the command find the compiled kernels of this machine: its home is empty here."""
    from landpuls.kernels import use_cache
    from landpuls.settings import load
    from processing.routing.warm import VARIABLE

    return {VARIABLE: str(use_cache(load().settings.home))}


@pytest.fixture
def region(database):
    """Register the demo region, with half of its containers nearly full."""
    with connect(database, "owner") as connection:
        seed(connection, oberspreewald_lausitz(1), Profiles.load(), now=datetime(2026, 11, 24, tzinfo=UTC))
        connection.execute(
            """
            INSERT INTO container_state
                (thing_id, organisation_id, fill_percent, fill_time, rate_percent_per_day, updated_at)
            SELECT thing_id, organisation_id, CASE WHEN thing_id % 8 = 0 THEN 92 ELSE 10 END,
                   '2026-11-24', 1, '2026-11-24'
            FROM container
            ON CONFLICT (thing_id) DO UPDATE SET fill_percent = excluded.fill_percent
            """
        )
        connection.commit()
    return {"LANDPULS_DATABASE__URL": database}


def test_a_plan_from_the_command_line(landpuls, region, kernels):
    """The only organisation with vehicles is found, and its plan computed, checked and stored."""
    done = landpuls("plan", DAY, "--iterations", ITERATIONS, "--json", **region, **kernels)
    plan = json.loads(done.stdout)
    assert (done.returncode, plan["day"], plan["feasible"], plan["status"]) == (0, DAY, True, "draft")
    assert sum(tour["stops"] for tour in plan["tours"]) >= NEARLY_FULL


def test_who_plans_must_be_known(landpuls, region):
    """An organisation without vehicles cannot plan, and the message says so."""
    done = landpuls("plan", DAY, "--organisation", "nobody", **region)
    assert done.returncode == 2
    assert "nobody has vehicles" in done.stderr
