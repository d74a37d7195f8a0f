"""SQL by name: every query of ours stands in a .sql file beside the code that runs it, named and described.

A file is a sequence of queries, each begun by `-- name: the_name` and at least one comment line that describes it.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import LiteralString

from domain.errors import StorageError

HEADER = re.compile(r"^-- name: *(?P<name>\w+) *$", re.MULTILINE)


class Queries:
    """The named queries of one file; `queries["name"]` is the text of one. `package` is the one that holds the file.

    Raises
    ------
    StorageError
        If a query has no description, or a name occurs twice or not at all.
    """

    def __init__(self, file: str, package: str = __name__) -> None:
        self.file = file
        self.descriptions: dict[str, str] = {}
        self._texts: dict[str, LiteralString] = {}
        text = (files(package) / file).read_text(encoding="utf-8")
        _, *parts = HEADER.split(text)
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            self._add(name, body.strip().splitlines())

    def __getitem__(self, name: str) -> LiteralString:
        try:
            return self._texts[name]
        except KeyError:
            raise StorageError(f"{self.file} holds no query named {name!r}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def _add(self, name: str, lines: list[str]) -> None:
        described = 0
        while described < len(lines) and lines[described].startswith("--"):
            described += 1
        if not described:
            raise StorageError(f"{self.file}: the query {name} has no description")
        if name in self._texts:
            raise StorageError(f"{self.file}: two queries are named {name}")
        self.descriptions[name] = " ".join(line.removeprefix("--").strip() for line in lines[:described])
        self._texts[name] = "\n".join(lines[described:]).strip()
