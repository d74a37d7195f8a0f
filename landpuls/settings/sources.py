"""Where settings are read besides arguments and the environment: files with one secret each, and the TOML file."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsError

from domain.errors import UsageError

PREFIX = "LANDPULS_"
DELIMITER = "__"

Tree = dict[str, Any]


class TreeSource(PydanticBaseSettingsSource):
    """A source whose values are known already."""

    def __init__(self, settings_class: type[BaseSettings], values: Tree) -> None:
        super().__init__(settings_class)
        self._values = values

    def __call__(self) -> Tree:
        """Return the values."""
        return self._values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return one top-level value."""
        return self._values.get(field_name), field_name, False


def variable(path: tuple[str, ...]) -> str:
    """Return the environment variable of a setting: ``LANDPULS_API__PORT`` for ``("api", "port")``."""
    return PREFIX + DELIMITER.join(path).upper()


def leaves(model: type[BaseModel], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], FieldInfo]:
    """Return each setting of `model` and its sections, in the order of the source."""
    found: dict[tuple[str, ...], FieldInfo] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= leaves(field.annotation, (*path, name))
        else:
            found[(*path, name)] = field
    return found


def read_toml(file: Path | None) -> Tree:
    """Read the TOML file, if there is one.

    Raises
    ------
    UsageError
        If it cannot be read, or is no TOML; names the file and the line.
    """
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The configuration file {file} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The configuration file {file} is not valid TOML: {error}.") from error


def read_environment(model: type[BaseSettings]) -> Tree:
    """Read the settings that variables hold themselves, not those that are in files.

    Raises
    ------
    UsageError
        If a variable that should hold a list holds no JSON; names the section.
    """
    try:
        values = EnvSettingsSource(model)()
    except SettingsError as error:
        raise UsageError(
            f"A variable cannot be read: {error}. "
            """A list is written as JSON, such as LANDPULS_MQTT__TOPICS='["landpuls/v1/#"]'."""
        ) from error
    for path in leaves(model):
        section = values.get(path[0]) if len(path) > 1 else values
        if isinstance(section, dict) and (*path[:-1], f"{path[-1]}_file") not in leaves(model):
            section.pop(f"{path[-1]}_file", None)
    return values


def read_files(
    model: type[BaseModel], environment: Mapping[str, str] = os.environ
) -> tuple[Tree, dict[str, Path]]:
    """Read the settings that variables ending in ``_FILE`` point to, as container secrets are handed over.

    Returns
    -------
    tuple
        The values as a tree, and the file of each setting by its dotted name.

    Raises
    ------
    UsageError
        If a file cannot be read; names the variable.
    """
    values: Tree = {}
    files: dict[str, Path] = {}
    for path in leaves(model):
        name = f"{variable(path)}_FILE"
        if not environment.get(name):
            continue
        file = Path(environment[name])
        try:
            text = file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{name} points to {file}, which cannot be read: {error}.") from error
        put(values, path, text)
        files[".".join(path)] = file
    return values, files


def put(tree: Tree, path: tuple[str, ...], value: object) -> None:
    """Set the value at `path`, making the sections on the way."""
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def contains(tree: Tree, path: tuple[str, ...]) -> bool:
    """Whether `tree` has a value at `path`."""
    for name in path[:-1]:
        section = tree.get(name)
        if not isinstance(section, dict):
            return False
        tree = section
    return path[-1] in tree
