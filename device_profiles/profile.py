"""A device profile as frozen dataclasses: parameters, datastreams, derivations, test vectors, and its frames.

`parse.py` makes them from TOML; `decode.py` and `encode.py` compile the frames (`frame.py`). A *stream* is a datastream
that every installation of the profile needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from device_profiles.frame import Frame, Method
from domain.errors import ProfileError
from domain.quantities import QUANTITIES, Aggregation
from domain.things import DatastreamKey, ThingKind, qualifier

PASSAGES_PERIOD_S = 900


class DerivationKind(StrEnum):
    """The closed list of what Landpuls computes from what devices send."""

    FILL_LEVEL = "fill_level"
    """Distance to per cent by the container's geometry; computed by `interpret`."""
    FLOW = "flow"
    """Count and period to vehicles an hour; computed by `interpret`."""
    DIFFERENCE = "difference"
    """Counter to difference with resets; computed by storage from neighbouring readings."""
    PASSAGES_TO_COUNTS = "passages_to_counts"
    """Single vehicles to 15-minute counts and mean speeds; computed by storage."""


COMPUTED_BY_STORAGE = (DerivationKind.DIFFERENCE, DerivationKind.PASSAGES_TO_COUNTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """What must be known of an installation, with a default for when nobody says: mounting height, geometry."""

    name: str
    description: str
    default: float | str
    unit: str | None = None
    low: float = float("-inf")
    high: float = float("inf")
    choices: tuple[str, ...] = ()

    def check(self, value: object) -> float | str:
        """Return the value if it is of the parameter's type and range, else raise a ProfileError."""
        if isinstance(self.default, str):
            if isinstance(value, str) and (not self.choices or value in self.choices):
                return value
            raise ProfileError(
                f"{self.name} must be one of {', '.join(self.choices) or 'any text'}, not {value!r}"
            )
        if isinstance(value, (int, float)) and not isinstance(value, bool) and self.low <= value <= self.high:
            return float(value)
        unit = "" if self.unit is None else f" {self.unit}"
        raise ProfileError(
            f"{self.name} must lie between {self.low:g} and {self.high:g}{unit}, not {value!r}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """A datastream as the profile writes it; qualifier values may name a parameter as `$parameter`."""

    quantity: str
    parts: tuple[tuple[str, str], ...] = ()
    period: int | str | None = None
    weight: int | None = None
    optional: bool = False
    derivation: int | None = None

    def key(self, parameters: Mapping[str, float | str]) -> DatastreamKey:
        """Its key in an installation with these (complete) parameters."""
        parts = {name: str(parameters[text[1:]]) if text[:1] == "$" else text for name, text in self.parts}
        return DatastreamKey(quantity=self.quantity, qualifier=qualifier(**parts))


@dataclass(frozen=True, kw_only=True, slots=True)
class Derivation:
    """A computation that the profile declares.

    `source` is a quantity; `by` the qualifier parts that the target keeps (others are summed over). `max_step` is the
    largest difference that is plausible between neighbouring readings (per hour if `max_step_per_h`), `wraps_at` the
    value at which a counter begins anew. `targets` maps indices of source streams to the index of their target stream.
    """

    kind: DerivationKind
    source: str = ""
    target: str = ""
    by: tuple[str, ...] = ()
    max_step: float | None = None
    wraps_at: float | None = None
    targets: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DatastreamSpec:
    """A datastream that every installation of the profile needs; storage creates it on installation.

    `derived_from` are the keys it is computed from (empty for passages), `weight` the key of the count behind a
    weighted mean, `optional` says that it need not exist (radio quality).
    """

    quantity: str
    qualifier: str
    unit: str
    aggregation: Aggregation
    period_s: int | None = None
    derivation: DerivationKind | None = None
    derived_from: tuple[DatastreamKey, ...] = ()
    weight: DatastreamKey | None = None
    max_step: float | None = None
    wraps_at: float | None = None
    optional: bool = False

    @property
    def key(self) -> DatastreamKey:
        """Quantity and qualifier."""
        return DatastreamKey(quantity=self.quantity, qualifier=self.qualifier)

    @property
    def computed_by_storage(self) -> bool:
        """Whether storage computes it at commit, because it needs neighbouring readings."""
        return self.derivation in COMPUTED_BY_STORAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class Vector:
    """A payload with what must come of it: values by field name in the system's units, events, passages."""

    note: str
    payload: bytes | Mapping[str, Any]
    port: int | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    derived: Mapping[str, float] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    passages: tuple[Mapping[str, Any], ...] = ()
    parameters: Mapping[str, float | str] = field(default_factory=dict)
    implausible: tuple[str, ...] = ()
    time: str | None = None
    ignored: bool = False
    refused: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """All that is known of a kind of device; `key` is `vendor/device`."""

    vendor: str
    device: str
    name: str
    version: int
    kind: ThingKind
    method: Method
    description: str
    source: str
    frames: tuple[Frame, ...]
    streams: tuple[Stream, ...]
    derivations: tuple[Derivation, ...]
    parameters: Mapping[str, Parameter]
    vectors: tuple[Vector, ...]
    radio: bool

    @property
    def key(self) -> str:
        """`vendor/device`, by which installations name it."""
        return f"{self.vendor}/{self.device}"

    def complete(self, parameters: Mapping[str, Any] | None = None) -> dict[str, float | str]:
        """Check installation parameters and fill in the defaults.

        Raises
        ------
        ProfileError
            If one is unknown, of another type, or out of its range.
        """
        given = parameters or {}
        for name in given:
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise ProfileError(f"{self.key} has no installation parameter {name!r}; it has: {known}")
        full = {name: one.check(given.get(name, one.default)) for name, one in self.parameters.items()}
        keys = self.keys(full)
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ProfileError(
                f"{self.key}: two datastreams would be {twice.qualifier!r}; give them different names"
            )
        return full

    @cached_property
    def defaults(self) -> dict[str, float | str]:
        """The parameters of an installation about which nothing is said."""
        return {name: one.default for name, one in self.parameters.items()}

    @cached_property
    def _bound(self) -> dict[tuple[float | str, ...], tuple[DatastreamKey, ...]]:
        return {}

    @cached_property
    def _naming(self) -> tuple[str, ...]:
        texts = {text[1:] for stream in self.streams for _, text in stream.parts if text[:1] == "$"}
        return tuple(sorted(texts))

    def keys(self, parameters: Mapping[str, float | str]) -> tuple[DatastreamKey, ...]:
        """The keys of `streams` in an installation; remembered by the parameters that stand in qualifiers."""
        given = tuple(parameters.get(name, self.defaults[name]) for name in self._naming)
        if given not in self._bound:
            names = dict(zip(self._naming, given, strict=True))
            self._bound[given] = tuple(stream.key(names) for stream in self.streams)
        return self._bound[given]

    def datastreams(self, parameters: Mapping[str, float | str] | None = None) -> tuple[DatastreamSpec, ...]:
        """Every datastream that an installation with these parameters (default: the defaults) needs."""
        full = {**self.defaults, **(parameters or {})}
        keys = self.keys(full)
        return tuple(self._spec(index, keys, full) for index in range(len(self.streams)))

    def _spec(
        self, index: int, keys: tuple[DatastreamKey, ...], full: Mapping[str, float | str]
    ) -> DatastreamSpec:
        stream = self.streams[index]
        quantity = QUANTITIES[stream.quantity]
        derivation = None if stream.derivation is None else self.derivations[stream.derivation]
        sources = () if derivation is None else tuple(s for s, t in derivation.targets.items() if t == index)
        return DatastreamSpec(
            quantity=stream.quantity,
            qualifier=keys[index].qualifier,
            unit=quantity.unit,
            aggregation=quantity.aggregation,
            period_s=seconds(stream.period, full),
            derivation=None if derivation is None else derivation.kind,
            derived_from=tuple(keys[source] for source in sources),
            weight=None if stream.weight is None else keys[stream.weight],
            max_step=None if derivation is None else derivation.max_step,
            wraps_at=None if derivation is None else derivation.wraps_at,
            optional=stream.optional,
        )


def seconds(period: int | str | None, parameters: Mapping[str, float | str]) -> int | None:
    """A period in seconds, looked up in the installation's parameters where it is named by one."""
    return int(parameters[period]) if isinstance(period, str) else period
