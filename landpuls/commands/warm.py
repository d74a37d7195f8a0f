"""``landpuls warm``: compile the route optimiser's kernels now instead of in front of a waiting planner."""

import time

import typer

from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.kernels import use_cache
from landpuls.output import notes, print_json


def warm(context: typer.Context, as_json: Json = False) -> None:
    """Compile the route optimiser's kernels into the cache."""
    settings = invocation_of(context).load().settings
    folder = use_cache(settings.home)
    began = time.monotonic()
    _compile()
    seconds = round(time.monotonic() - began, 1)
    notes().print(f"Kernels are ready in {folder} ({seconds} s).")
    if as_json:
        print_json({"cache": folder, "seconds": seconds})


def _compile() -> None:
    from processing.routing.warm import warm as warm_routing

    warm_routing()
