"""``landpuls demo --once``: the whole flow run through once, with the proof that nothing was lost on the way."""

from dataclasses import asdict, dataclass, replace

from landpuls.demo.stats import Ledger, PlanState

READINGS = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one run brought; the names are those of the JSON line."""

    readings: int
    published: int
    redelivered: int
    received: int
    stored: int
    duplicate: int
    quarantined: int
    ignored: int
    tours: int
    stops: int
    unserved_mandatory: int
    plan_feasible: bool
    seconds: float

    @property
    def proves(self) -> bool:
        """Whether every message is accounted for and a feasible plan stands."""
        accounted = self.stored + self.duplicate + self.quarantined + self.ignored
        return (
            self.received == self.published + self.redelivered == accounted
            and self.plan_feasible
            and self.tours > 0
        )

    def as_dict(self) -> dict[str, int | float | bool]:
        """Return the JSON object."""
        return asdict(self)


def result_of(
    ledger: Ledger, published: int, plan: PlanState | None, seconds: float, *, resent: int = 0
) -> Result:
    """Put the result together; `ledger` counts this run alone.

    After a lost connection the fleet sends again what was not acknowledged (`resent`). Where the broker had it already,
    it has two messages for one acknowledgement: up to so many duplicates count as delivered again.
    """
    surplus = ledger.received - published - ledger.redelivered
    if 0 < surplus <= min(resent, ledger.duplicate - ledger.redelivered):
        ledger = replace(ledger, redelivered=ledger.redelivered + surplus)
    return Result(
        readings=ledger.readings,
        published=published,
        redelivered=ledger.redelivered,
        received=ledger.received,
        stored=ledger.stored,
        duplicate=ledger.duplicate,
        quarantined=ledger.quarantined,
        ignored=ledger.ignored,
        tours=0 if plan is None else plan.tours,
        stops=0 if plan is None else plan.stops,
        unserved_mandatory=0 if plan is None else unserved_mandatory(plan),
        plan_feasible=plan is not None and plan.stands and plan.feasible is True,
        seconds=round(seconds, 1),
    )


def unserved_mandatory(plan: PlanState) -> int:
    """Return how many required containers the plan leaves, as its summary says."""
    unserved = plan.summary.get("unserved_mandatory", 0)
    return len(unserved) if isinstance(unserved, list) else int(unserved)
