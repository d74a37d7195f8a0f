"""What runs in containers is described as the tools expect it, and without a password that everybody knows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from compose_spec import ComposeSpecification
from typer.main import get_command

from landpuls.cli import app
from landpuls.settings.model import Settings
from landpuls.settings.sources import leaves, variable

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
PLATFORM = {"timescaledb", "mosquitto", "migrate", "warm", "ingest", "work", "serve", "simulate"}
ONCE = {"migrate", "warm"}


def test_compose_file_is_valid():
    """The compose file holds to the compose specification, unknown keys refused."""
    described = {key: value for key, value in COMPOSE.items() if not key.startswith("x-")}
    ComposeSpecification.model_validate(described, extra="forbid")


def test_dockerfile_is_clean():
    """The linter finds nothing in the Dockerfile."""
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_service_of_the_platform_is_there():
    """Database, broker, migration and the four services are in the file, the simulators as a profile."""
    assert set(SERVICES) == PLATFORM
    assert SERVICES["simulate"]["profiles"] == ["simulation"]


@pytest.mark.parametrize("name", SERVICES)
def test_passwords_come_from_files(name):
    """No variable holds a password itself, and each file it names is a secret that the service was given."""
    service = SERVICES[name]
    for key, value in service.get("environment", {}).items():
        if re.search("PASSWORD|_KEY", key):
            assert key.endswith("_FILE")
        if str(value).startswith("/run/secrets/"):
            assert value.removeprefix("/run/secrets/") in service["secrets"]
        assert not re.search(r"://[^/@]*:[^/@]*@", str(value))


def test_every_secret_is_made(tmp_path):
    """deploy/make-secrets makes each secret that the file names, different every time, and nothing twice."""
    script = ROOT / "deploy" / "make-secrets"
    for folder in ("one", "two"):
        subprocess.run([script, tmp_path / folder], check=True, capture_output=True)
    for secret in COMPOSE["secrets"].values():
        name = Path(secret["file"]).name
        one, two = (tmp_path / folder / name for folder in ("one", "two"))
        assert one.read_bytes() not in (b"", two.read_bytes())
    before = {path: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    subprocess.run([script, tmp_path / "one"], check=True, capture_output=True)
    assert {path: path.read_bytes() for path in (tmp_path / "one").iterdir()} == before


@pytest.mark.parametrize("name", ["migrate", "warm", "ingest", "work", "serve", "simulate"])
def test_settings_and_commands_exist(name):
    """Each service runs a command that exists, with settings that exist."""
    assert SERVICES[name]["command"][0] in get_command(app).commands
    known = {variable(path) for path in leaves(Settings)}
    given = [
        key.removesuffix("_FILE") if key.endswith("PASSWORD_FILE") else key
        for key in SERVICES[name].get("environment", {})
    ]
    assert [key for key in given if key not in known] == []


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ONCE])
def test_every_service_has_a_health_check(name):
    """Compose asks each service: the API itself, the others whether they could reach what they need."""
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_only_broker_and_page_can_be_reached():
    """The database is on an internal network; the page listens for a proxy on the same machine only."""
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"mosquitto", "serve"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["serve"]["ports"][0].startswith("127.0.0.1:")


def test_the_image_leaves_nothing_out():
    """Every package of the wheel reaches the image's build, although everything else is ignored."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert [name for name in packages if f"!{name}" not in allowed] == []
