"""The page's own tests and its contract with the API."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.openapi import document

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "dashboard" / "src"


def test_arithmetic_of_the_page() -> None:
    """Vitest passes: days of Berlin, orders, scales, progress, backoff, placing of containers."""
    if not (ROOT / "dashboard" / "node_modules" / "vitest").is_dir():
        pytest.skip("the dashboard's packages are not installed; make setup installs them")
    done = subprocess.run(
        [sys.executable, "hatch_build.py", "test"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_paths_and_schemas_that_the_page_reads_exist() -> None:
    """Each path and schema named in the page is in the OpenAPI document; svelte-check compares the keys in them."""
    described = document()
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts") if path.name != "schema.d.ts"
    )
    paths = set(re.findall(r"'(/api/v1/[^']+)'", source))
    schemas = set(re.findall(r"Schemas\['(\w+)'\]", source))
    assert paths
    assert schemas
    assert paths <= set(described["paths"])
    assert schemas <= set(described["components"]["schemas"])


def test_both_languages_say_the_same_things() -> None:
    """German and English have the same words in the same order, so that neither is forgotten."""

    def keys(language: str) -> list[str]:
        return re.findall(
            r"^ +(\w+):", (SOURCES / "i18n" / f"{language}.ts").read_text(encoding="utf-8"), re.MULTILINE
        )

    assert keys("de") == keys("en")


def test_lock_names_no_registry() -> None:
    """The lock carries a hash for each package and the address of none."""
    lock = (ROOT / "dashboard" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
