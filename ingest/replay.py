"""Knows what a broker sends again after a reconnect, also where it does not say so.

A broker that was killed comes back with the store of its last save: what we had received since is queued there as if it
had never been sent, so it comes without the DUP flag. It comes in the old order, before anything new.
"""

DIGESTS = 200_000
"""How many messages are remembered; more than a broker sends between two saves of its store."""


class Replay:
    """Tells messages of a kept session that this worker had received over an earlier connection."""

    def __init__(self, limit: int = DIGESTS) -> None:
        self._limit = limit
        self._seen: dict[int, None] = {}
        self._replaying = False

    def connected(self, session_present: bool) -> None:
        """Begin a connection; with its session kept, the broker may begin with what was received before."""
        self._replaying = session_present and bool(self._seen)

    def repeats(self, topic: str, payload: bytes) -> bool:
        """Remember a message, and say whether the broker sends it again; the first unknown one ends its replay."""
        digest = hash((topic, payload))
        known = self._seen.pop(digest, 0) is None
        self._seen[digest] = None
        if len(self._seen) > self._limit:
            del self._seen[next(iter(self._seen))]
        self._replaying = self._replaying and known
        return self._replaying
