"""What goes over the live stream, in both directions."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.fields import Text, Time
from api.problems import Problem
from api.routes.containers import ContainerState
from api.routes.counters import IntervalFlow
from api.routes.ledger import LedgerCounts
from api.routes.plans import PlanStatus
from api.routes.things import LatestValue

Kind = Literal["containers", "counters", "latest", "plans", "ledger", "collections"]
KINDS: tuple[Kind, ...] = ("containers", "counters", "latest", "plans", "ledger", "collections")

CURSOR = r"^[0-9]{1,19}:[0-9]{1,19}:([0-9]{1,19}(,[0-9]{1,19}){0,200})?/[0-9]{1,18}$"
"""A snapshot of transactions, and the newest collection."""


class LiveSubscription(BaseModel):
    """The client's first message: who it is and what it wants to hear of."""

    model_config = ConfigDict(extra="forbid")

    api_key: SecretStr | None = Field(None, description="Needed unless the header Authorization was sent.")
    kinds: list[Kind] = Field(default=list(KINDS), max_length=len(KINDS), description="All if not given.")
    organisations: list[Annotated[Text, Field(max_length=63)]] | None = Field(
        None, max_length=200, description="Only these, by key or id; every one that may be read if not given."
    )
    since: str | None = Field(
        None,
        pattern=CURSOR,
        max_length=4096,
        description="`cursor` of the last message before the connection broke.",
    )


class LiveHello(BaseModel):
    """The service's first message. What is read over REST after it and changed by the stream is complete."""

    type: Literal["hello"] = "hello"
    organisation_id: int
    kinds: list[Kind]
    cursor: str = Field(description="Give it as `since` to go on from here.")
    at: Time


class ChangedContainer(ContainerState):
    """A container's new state."""

    thing_id: int
    organisation_id: int


class ChangedCounter(BaseModel):
    """A counter's new state."""

    thing_id: int
    organisation_id: int
    quarter: IntervalFlow | None
    hour: IntervalFlow | None


class ChangedLatest(LatestValue):
    """A datastream's new newest value."""

    thing_id: int
    organisation_id: int


class ChangedPlan(BaseModel):
    """A plan that went on."""

    id: int
    organisation_id: int
    day: date
    status: PlanStatus
    progress: float = Field(description="0 to 1.")


class NewCollectionHint(BaseModel):
    """A collection that was recorded."""

    id: int
    organisation_id: int
    thing_id: int
    stop_id: int | None
    outcome: Literal["served", "skipped"]
    collected_at: Time


class LedgerNow(LedgerCounts):
    """The ledger of today, in Berlin."""

    day: date
    balanced: bool


class LiveChange(BaseModel):
    """What changed since the message before."""

    type: Literal["change"] = "change"
    containers: list[ChangedContainer] = Field(default_factory=list)
    counters: list[ChangedCounter] = Field(default_factory=list)
    latest: list[ChangedLatest] = Field(default_factory=list)
    plans: list[ChangedPlan] = Field(default_factory=list)
    collections: list[NewCollectionHint] = Field(default_factory=list)
    ledger: LedgerNow | None = Field(None, description="Null while it stands as it was.")
    cursor: str = Field(description="Give it as `since` after a broken connection.")
    at: Time

    def says_anything(self) -> bool:
        """Whether anything changed at all."""
        lists: tuple[list[Any], ...] = (
            self.containers,
            self.counters,
            self.latest,
            self.plans,
            self.collections,
        )
        return any(lists) or self.ledger is not None


class LiveError(BaseModel):
    """Why the service closes the stream; its code follows."""

    type: Literal["error"] = "error"
    problem: Problem
