"""Put the sources together: arguments before the environment, before secret files, before TOML, before defaults."""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from domain.errors import UsageError
from landpuls.settings.model import Settings
from landpuls.settings.places import config_file
from landpuls.settings.sources import (
    Tree,
    TreeSource,
    contains,
    leaves,
    put,
    read_environment,
    read_files,
    read_toml,
    variable,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """The settings, and where each came from, by dotted name."""

    settings: Settings
    origins: Mapping[str, str]
    config_file: Path | None


def load(arguments: Mapping[str, Any] | None = None, *, config: Path | None = None) -> Loaded:
    """Read and check all settings.

    Parameters
    ----------
    arguments
        Values from the command line by dotted name; those that are None were not given.
    config
        The TOML file; by default ``LANDPULS_CONFIG`` or ``landpuls.toml`` in the current folder.

    Raises
    ------
    UsageError
        If a value is wrong or a key does not exist; names it, where it came from and what would be right.
    """
    given: Tree = {}
    for name, value in (arguments or {}).items():
        if value is not None:
            put(given, tuple(name.split(".")), value)
    file = config or config_file()
    toml = read_toml(file)
    secrets, secret_files = read_files(Settings)
    environment: Tree = {}

    class Sourced(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            *_: PydanticBaseSettingsSource,
            **__: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            environment.update(read_environment(settings_cls))
            return tuple(TreeSource(settings_cls, tree) for tree in (given, environment, secrets, toml))

    def origin(path: tuple[str, ...]) -> str:
        if contains(given, path):
            return "argument"
        if contains(environment, path):
            names = (variable(path), variable(path[:1]))
            return f"environment {next((name for name in names if name in os.environ), names[0])}"
        if contains(secrets, path):
            return f"file {secret_files['.'.join(path)]}"
        return f"file {file}" if contains(toml, path) else "default"

    try:
        settings = Sourced()
    except ValidationError as error:
        raise UsageError(_explain(error, origin)) from error
    origins = {".".join(path): origin(path) for path in leaves(Settings)}
    return Loaded(settings=settings, origins=origins, config_file=file)


def _explain(error: ValidationError, origin: Callable[[tuple[str, ...]], str]) -> str:
    sentences = []
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        path = tuple(str(part) for part in problem["loc"])
        if not path:
            sentences.append(
                f"Settings contradict each other: {problem['msg'].removeprefix('Value error, ')}."
            )
            continue
        where = origin(path)
        if problem["type"] == "extra_forbidden":
            sentences.append(f"There is no setting {'.'.join(path)} ({where}){_suggest(path)}.")
        else:
            sentences.append(f"The setting {'.'.join(path)} ({where}) is wrong: {problem['msg']}.")
    return " ".join(sentences) + " `landpuls config show` lists every setting."


def _suggest(path: tuple[str, ...]) -> str:
    names = [".".join(known) for known in leaves(Settings)]
    close = difflib.get_close_matches(".".join(path), names, n=1)
    return f"; the nearest is {close[0]}" if close else ""
