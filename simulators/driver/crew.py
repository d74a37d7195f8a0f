"""All drivers of today: whenever a plan is published, its tours are driven in parallel."""

from simulators.config import SimulationConfig
from simulators.fleet.fleet import Fleet


class Crew:
    """Drivers."""

    def __init__(self, config: SimulationConfig, fleet: Fleet, clock: object) -> None:
        self._config = config

    async def run(self) -> None:
        """Drive."""
