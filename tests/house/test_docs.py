"""The documentation says what is so."""

import re
from pathlib import Path

import pytest

from landpuls.settings.document import table
from landpuls.settings.model import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SECTIONS = [
    "",
    *(name for name, field in Settings.model_fields.items() if hasattr(field.annotation, "model_fields")),
]


@pytest.mark.parametrize("section", SECTIONS)
def test_settings_are_documented(section):
    """Each setting stands in docs/settings.md with its variable, default and meaning."""
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in table(section) if row not in lines] == []


def test_no_setting_is_documented_that_does_not_exist():
    """A row of docs/settings.md that no setting stands behind is a leftover."""
    rows = [row for section in SECTIONS for row in table(section)]
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `") and line not in rows] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    """Each relative link in the documentation leads to a file of this repository."""
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_readme_runs_by_line_twelve():
    """The README says in one sentence what this is, and shows how to run it, by line 12."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:12]
    assert any("make demo" in line for line in lines)


def test_every_decision_is_numbered_and_listed():
    """Decision notes are numbered without gaps, and the list names each."""
    notes = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in notes] == list(range(1, len(notes) + 1))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [name for name in notes if name not in listed] == []
