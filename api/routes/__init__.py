"""The resources, a file each: what they answer, their routes; their SQL stands in ``api/queries``."""

from fastapi import APIRouter

from api.routes import (
    collections,
    containers,
    counters,
    devices,
    ledger,
    map_features,
    me,
    messages,
    organisations,
    plans,
    problems,
    readings,
    things,
    tours,
)

RESOURCES: tuple[APIRouter, ...] = (
    me.router,
    organisations.router,
    map_features.router,
    things.router,
    readings.router,
    containers.router,
    counters.router,
    plans.router,
    tours.router,
    collections.router,
    devices.router,
    ledger.router,
    messages.router,
    problems.router,
)
"""Everything under /api/v1 but the live stream."""
