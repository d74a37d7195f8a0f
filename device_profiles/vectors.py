"""Runs the test vectors inside a profile: what its payloads must come to, and that encoding gives them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

from device_profiles.decode import decode
from device_profiles.decoded import Decoded, Vehicle
from device_profiles.geometry import fill_percent
from device_profiles.profile import DerivationKind, Profile, Vector, seconds
from domain.errors import DecodeError
from domain.time import parse_instant

DERIVED_TOLERANCE = 0.06
"""Derived values stand in vectors with one decimal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorResult:
    """What came of one vector; `faults` is empty if it passed."""

    profile_key: str
    note: str
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all was as the vector says."""
        return not self.faults


def test_profile(profile: Profile) -> list[VectorResult]:
    """Run all vectors of a profile, in their order."""
    return [
        VectorResult(profile_key=profile.key, note=vector.note, faults=tuple(_faults(profile, vector)))
        for vector in profile.vectors
    ]


test_profile.__test__ = False  # type: ignore[attr-defined]  # a name that pytest would collect


def _faults(profile: Profile, vector: Vector) -> list[str]:
    try:
        decoded = decode(profile, vector.payload, vector.port)
    except DecodeError as error:
        return [] if vector.refused else [f"is refused: {error}"]
    except Exception as error:
        return [f"fails: {type(error).__name__}: {error}"]
    if vector.refused:
        return ["is read, and should be refused"]
    if decoded.ignored != vector.ignored:
        return ["is ignored" if decoded.ignored else "is not ignored"]
    faults = _differences("", {one.field.name: one.value for one in decoded.values}, vector.values, 1e-9)
    faults += _differences("derived ", _derived(profile, vector, decoded), vector.derived, DERIVED_TOLERANCE)
    faults += _unlike("events", sorted(decoded.events), sorted(vector.events))
    implausible = sorted(one.field.name for one in decoded.values if not one.plausible)
    faults += _unlike("implausible", implausible, sorted(vector.implausible))
    faults += _unlike("time", decoded.time, None if vector.time is None else parse_instant(vector.time))
    return faults + _passage_faults(decoded.vehicles, vector.passages)


def _differences(
    what: str, found: Mapping[str, float], wanted: Mapping[str, float], tolerance: float
) -> list[str]:
    faults = [f"{what}{name} is missing" for name in wanted if name not in found]
    if what == "" or wanted:
        faults += [
            f"{what}{name} is {found[name]:g}, and the vector does not say so"
            for name in found
            if name not in wanted
        ]
    for name, value in wanted.items():
        if name in found and not isclose(found[name], value, rel_tol=1e-9, abs_tol=tolerance):
            faults.append(f"{what}{name} is {found[name]:g} instead of {value:g}")
    return faults


def _unlike(what: str, found: Any, wanted: Any) -> list[str]:
    return [] if found == wanted else [f"{what}: {found} instead of {wanted}"]


def _derived(profile: Profile, vector: Vector, decoded: Decoded) -> dict[str, float]:
    parameters = profile.complete(vector.parameters)
    keys = profile.keys(parameters)
    found: dict[str, float] = {}
    for derivation in profile.derivations:
        for field, value, _ in decoded.values:
            target = derivation.targets.get(field.stream)
            if target is None:
                continue
            name = f"{keys[target].quantity} {keys[target].qualifier}".strip()
            if derivation.kind is DerivationKind.FILL_LEVEL:
                found[name] = fill_percent(value, parameters)[0]
            elif derivation.kind is DerivationKind.FLOW:
                period_s = seconds(field.period, parameters) or 1
                found[name] = found.get(name, 0.0) + value * 3600 / period_s
    return found


def _passage_faults(found: list[Vehicle], wanted: tuple[Mapping[str, Any], ...]) -> list[str]:
    if len(found) != len(wanted):
        return [f"{len(found)} passages instead of {len(wanted)}"]
    faults = []
    for number, (vehicle, expected) in enumerate(zip(found, wanted, strict=True), start=1):
        for name, value in expected.items():
            got = getattr(vehicle, name, None)
            if name == "time":
                value = parse_instant(value)
            same = (
                isclose(got, value, abs_tol=1e-6)
                if isinstance(value, float) and got is not None
                else got == value
            )
            faults += [] if same else [f"passage {number}: {name} is {got} instead of {value}"]
    return faults


def check_profiles(profiles: list[Profile]) -> list[VectorResult]:
    """Run the vectors of several profiles; a profile without vectors is a fault."""
    results: list[VectorResult] = []
    for profile in profiles:
        found = test_profile(profile)
        results += found or [
            VectorResult(profile_key=profile.key, note="", faults=("has no [[vector]]; add one",))
        ]
    return results
