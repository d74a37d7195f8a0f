"""The service's SQL; every statement here runs as landpuls_api within one tenant's transaction."""

from storage.queries import Queries


def load(file: str) -> Queries:
    """Return the named queries of a file of this folder."""
    return Queries(file, package=__name__)
