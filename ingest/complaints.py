"""Says in the log what went into quarantine and why, without letting a flood of poison flood the log too."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

import structlog

from domain.messages import Outcome, OutcomeKind

log = structlog.get_logger(__name__)

QUIET_S = 60.0
GROUPS_AT_MOST = 1_000


class Complaints:
    """One warning for each reason and device, then silence about that pair for a minute, with a count at its end."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._began = monotonic()
        self._seen: Counter[tuple[str, str]] = Counter()

    def hear(self, outcomes: Iterable[Outcome]) -> None:
        """Warn of what is in quarantine among these."""
        if self._monotonic() - self._began > QUIET_S:
            self._sum_up()
        for outcome in outcomes:
            if outcome.kind is not OutcomeKind.QUARANTINED:
                continue
            reason = outcome.reason.value if outcome.reason else "unknown"
            group = (reason, outcome.device_key or "")
            if len(self._seen) >= GROUPS_AT_MOST and group not in self._seen:
                group = (reason, "others")
            self._seen[group] += 1
            if self._seen[group] == 1:
                log.warning(
                    "message in quarantine",
                    reason=reason,
                    device=outcome.device_key,
                    detail=outcome.detail,
                    topic=outcome.message.topic[:200],
                )

    def _sum_up(self) -> None:
        for (reason, device), count in self._seen.items():
            if count > 1:
                log.warning("messages in quarantine", reason=reason, device=device or None, messages=count)
        self._seen.clear()
        self._began = self._monotonic()
