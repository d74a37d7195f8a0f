"""The wheel holds the product and nothing but it, and works from anywhere."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"domain", "device_profiles", "storage", "ingest", "processing", "api", "simulators", "landpuls"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    builder = [Path(sys.executable).parent / "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(builder, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel):
    """Return the names of the wheel's files."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel and its locked requirements into an empty environment."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder)
    # Our own pip, and no compiling of modules that no test imports: both only cost time.
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    pip += ["--no-deps", "--no-compile"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "runtime.lock"], check=True)
    subprocess.run([*pip, "--no-index", wheel], check=True)
    return folder


@pytest.fixture
def foreign(tmp_path):
    """Return a folder with packages named like ours that must not be imported."""
    for name in ("api", "storage", "domain", "numpy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('a foreign package was imported')\n")
    return tmp_path


def test_packages_are_whole(names):
    """Each package is in the wheel with its SQL, device profiles and the built page."""
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == PACKAGES
    source = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert sorted(set(source) - set(names)) == []
    assert {"api/static/index.html", "api/openapi.json"} <= set(names)


def test_nothing_else_is_shipped(names):
    """No test, document, benchmark or dashboard source is in the wheel; its licence is."""
    assert not [name for name in names if name.startswith(("tests/", "docs/", "benchmarks/", "dashboard/"))]
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["config", "show", "--json"], ["profiles", "list"], ["openapi"]]
)
@pytest.mark.parametrize(
    "start", [["landpuls"], ["python", "-P", "-m", "landpuls"]], ids=["script", "module"]
)
def test_runs_beside_foreign_packages(installed, foreign, start, arguments):
    """The installed command works from a folder that has its own api/ and storage/."""
    command = [installed / "bin" / start[0], *start[1:], *arguments]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LANDPULS_", "PYTHON"))
    }
    environment["LANDPULS_HOME"] = str(foreign / "home")
    done = subprocess.run(command, cwd=foreign, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@contextmanager
def read_only(folder):
    """Let nobody make or remove files below a folder for a while; root may all the same."""
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())]
    modes = {path: path.stat().st_mode for path in folders}
    for path in folders:
        path.chmod(0o555)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def files_in(folder):
    """Name, size and time of change of each file below a folder."""
    found = {path: path.lstat() for path in folder.rglob("*") if not path.is_dir()}
    return {path: (each.st_size, each.st_mtime_ns) for path, each in found.items()}


def test_solves_from_a_read_only_folder_with_cold_and_warm_cache(installed, tmp_path):
    """Where nothing may be written, the first process fills the home's cache, the second uses it, to the same end."""
    (problem,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "solve.md").read_text(), re.DOTALL)
    (tmp_path / "day.json").write_text(problem)
    home = tmp_path / "home"
    environment = {"PATH": os.defpath, "LANDPULS_HOME": str(home)}
    # Root writes bytecode even where nobody else may.
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [installed / "bin" / "landpuls", "solve", "day.json", "--iterations", "20", "--json"]
    before = files_in(installed)
    runs, caches = [], []
    with read_only(installed):
        for _ in ("cold", "warm"):
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")
            found = json.loads(done.stdout)
            runs.append([found[name] for name in ("feasible", "cost", "iterations", "vehicles")])
            caches.append(files_in(home / "kernels"))
    assert runs[0] == runs[1]
    assert runs[0][0] is True
    assert any(path.suffix == ".nbc" for path in caches[0])
    assert caches[0] == caches[1]
    assert files_in(installed) == before


def test_without_the_demo_extra_the_embedded_database_says_so(installed, foreign):
    """The wheel alone has no PostgreSQL; a command that needs one says what to install or configure."""
    environment = {"PATH": os.defpath, "LANDPULS_HOME": str(foreign / "home")}
    done = subprocess.run(
        [installed / "bin" / "landpuls", "ledger"],
        cwd=foreign,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "LANDPULS_DATABASE__URL" in done.stderr
