"""The random problems that other tests rely on keep their own promise."""

from hypothesis import HealthCheck, given, settings

from domain.planning import evaluate, explain_container
from tests.domain.servable_problems import Servable, servable_problems

CALM = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@settings(CALM, max_examples=100)
@given(drawn=servable_problems())
def test_the_plan_serves_all_that_can_be_served(drawn: Servable) -> None:
    """The plan drawn with a problem leaves what is hopeless, for which there is a reason, and breaks nothing else."""
    left: set[str] = set()
    for violation in evaluate(drawn.problem, drawn.plan).violations:
        assert violation.name == "required_unserved", violation.message
        left.update(violation.subjects)
    assert left == drawn.hopeless
    assert all(explain_container(drawn.problem, drawn.problem.lookup.containers[name]) for name in left)
