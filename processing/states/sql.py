"""The named queries of this package."""

from storage.queries import Queries

STATES = Queries("states.sql", "processing.states")
