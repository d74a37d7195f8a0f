"""Facilities are not compared where the time for an unloading alone costs too much: that must never be overrated."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem
from processing.routing.kernels.compile import entry
from processing.routing.kernels.model import (
    AFTER,
    INNER_M,
    LEG_M,
    NOWHERE,
    PER_M,
    PROFILE,
    STOPS,
    SUCC,
    TOUR,
    Model,
    Tours,
)
from processing.routing.kernels.natural import whole
from processing.routing.kernels.reference import refer
from processing.routing.kernels.unload import best_unload, shortest_unloading, unloading_cost
from processing.routing.search import Search
from tests.processing.routing.problems import problems
from tests.processing.routing.road import TRUCK, box, road


@entry
def found_and_bound(model: Model, tours: Tours, c: int, v: int, x: int) -> tuple[int, int]:
    """What the container behind stop ``x`` and an unloading beside it cost more, and what their time costs at least."""
    m, t = refer(model), refer(tours)
    extra, _, _ = best_unload(m, t, c, v, x, whole(NOWHERE), whole(0))
    return extra, unloading_cost(m, t, c, v, x, shortest_unloading(m))


def shortest(ways: list[list[int]]) -> list[list[int]]:
    """The same ways where none is longer than another one by way of a third place."""
    table = np.array(ways)
    for middle in range(len(table)):
        table = np.minimum(table, table[:, middle, None] + table[middle])
    return table.tolist()


@st.composite
def left_out(draw: st.DrawFn) -> PlanProblem:
    """Tours of several trips, some of whose time costs something, and containers that are not worth serving."""
    given = draw(problems().filter(lambda each: each.vehicles and len(each.containers) > 1))
    flexible, hurried, patient = (draw(st.booleans()) for _ in range(3))
    return replace(
        given,
        distance_m=shortest(given.distance_m),
        duration_s=shortest(given.duration_s),
        containers=tuple(
            replace(
                task,
                required=False,
                cost_of_leaving_ueur=draw(st.sampled_from((0, 10**10))),
                windows=task.windows if hurried else (),
            )
            for task in given.containers
        ),
        vehicles=tuple(
            replace(
                each,
                regular_end_s=each.latest_end_s + 20_000 if patient else each.regular_end_s,
                latest_end_s=each.latest_end_s + 20_000,
                max_trips=draw(st.integers(2, 5)),
                capacity_l=each.capacity_l + 1_500,
                capacity_kg=each.capacity_kg + 300,
                cost_per_s_ueur=draw(st.integers(0, 10_000)),
                cleaning_s=draw(st.sampled_from((0, 900))),
                flexible_begin=flexible and draw(st.booleans()),
            )
            for each in given.vehicles
        ),
    )


def places(problem: PlanProblem) -> list[tuple[int, int]]:
    """Extra cost and its bound of each place for each container that is left."""
    search = Search(problem, seed=1)
    search.start()
    m, t = search.model, search._current
    found = []
    for c in np.flatnonzero(t.stop[: m.demand.shape[1], TOUR] < 0).tolist():
        for v in np.flatnonzero(t.tour[:, STOPS] > 0).tolist():
            p = m.vehicle[v, PROFILE]
            x = m.demand.shape[1] + 2 * v
            while x != m.demand.shape[1] + 2 * v + 1:
                extra, time = found_and_bound(m, t, c, v, x)
                metres = m.into_m[p, c, t.at[x]] + m.out_m[p, c, t.stop[x, AFTER]] - t.stop[x, LEG_M]
                driving = int((metres + m.node[p, c, INNER_M]) * m.vehicle[v, PER_M])
                if extra < NOWHERE:
                    found.append((extra, driving + time))
                x = int(t.stop[x, SUCC])
    return found


def test_unloading_beside_a_container_costs_no_less_than_its_bound() -> None:
    """Where no way round is shorter, whatever is passed over for its time would indeed have cost as much."""
    seen: list[tuple[int, int]] = []

    @settings(
        max_examples=80,
        derandomize=True,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(problem=left_out())
    def look(problem: PlanProblem) -> None:
        found = places(problem)
        assert all(extra >= bound for extra, bound in found)
        seen.extend(found)

    look()
    assert seen


def test_bound_is_met_on_the_way() -> None:
    """A container and a facility on the way cost the time of service and unloading, which is what the bound says."""
    full, more = (box(name, location, demand_l=10) for name, location in (("full", 4), ("more", 2)))
    given = road((TRUCK,), (full, replace(more, required=False, cost_of_leaving_ueur=0)))
    (tip,) = given.facilities
    given = replace(given, facilities=(tip, replace(tip, id="on the way", location=3)))
    price_ueur = (full.service_s + tip.service_s) * TRUCK.cost_per_s_ueur
    assert (price_ueur, price_ueur) in places(given)
