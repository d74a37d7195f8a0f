"""The command as people run it: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [str(Path(sys.executable).parent / "landpuls")]


@pytest.fixture
def landpuls(tmp_path):
    """Run the command in an empty folder, with a home of its own and no settings of the machine."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANDPULS_")}
    environment |= {"LANDPULS_HOME": str(tmp_path / "home"), "COLUMNS": "200"}

    def run(*arguments, **variables):
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def kernels():
    """Let the command find the compiled kernels of this machine: its home is empty here."""
    from landpuls.kernels import use_cache
    from landpuls.settings import load
    from processing.routing.warm import VARIABLE

    return {VARIABLE: str(use_cache(load().settings.home))}
