"""From a report to what arrives at the broker: sensor faults, payload, frame counter, radio, envelope."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from device_profiles.encode import encode
from device_profiles.envelopes import wrap
from device_profiles.profile import Profile
from domain.messages import Uplink
from simulators.fleet.draws import Draws, exponential
from simulators.fleet.impairments import Impairments
from simulators.fleet.report import Report, instant
from simulators.region.model import Device, EnvelopeKind

LONGEST_DELAY_S = 6 * 3600.0
_YEAR_S = 365 * 86_400


class Publication(NamedTuple):
    """One PUBLISH: when, by which device (its number in the fleet), and what; sorts by time."""

    publish_at_s: float
    device: int
    f_cnt: int
    copy: int
    topic: str
    payload: bytes


_WRAP_NAMES = {
    EnvelopeKind.THE_THINGS_STACK: "things_stack",
    EnvelopeKind.CHIRPSTACK: "chirpstack",
    EnvelopeKind.LANDPULS: "landpuls",
}


class Link:
    """A device's way to the broker; it counts its frames.

    Parameters
    ----------
    session
        Names the time since the device joined: a fleet that begins anew joins anew, so that no identity comes twice.
    """

    def __init__(
        self,
        device: Device,
        profile: Profile,
        number: int,
        *,
        seed: int,
        session: str,
        impairments: Impairments,
    ) -> None:
        self._device = device
        self._profile = profile
        self._number = number
        self._session = session
        self._impairments = impairments
        self._envelope = _WRAP_NAMES[device.envelope]
        self._own = device.envelope is EnvelopeKind.LANDPULS
        self._radio = Draws(seed, device.key, "radio")
        self._faults = Draws(seed, device.key, "faults")
        self._days = Draws(seed, device.key, "fault days")
        self._f_cnt = 0
        self._stuck: tuple[int, float] | None = None

    def publications(self, report: Report) -> Iterator[Publication]:
        """What of a report reaches the broker: nothing, one message, or the same one twice."""
        self._f_cnt += 1
        u, wrong = self._radio.at(report.number), self._impairments
        if u[0] < wrong.lost:
            return
        heard_s = round(report.time_s + 0.2 + 0.8 * u[1], 3)
        topic, payload = self._message(report, heard_s, u)
        at_s = heard_s + self._delay_s(u)
        yield Publication(at_s, self._number, self._f_cnt, 0, topic, payload)
        if u[4] < wrong.duplicated:
            yield Publication(at_s + 0.05 + 2 * u[5], self._number, self._f_cnt, 1, topic, payload)

    def _delay_s(self, u: tuple[float, ...]) -> float:
        """How much later than heard it is published; the same draws tell whether and how long."""
        wrong = self._impairments
        if u[2] < wrong.late:
            return min(LONGEST_DELAY_S, 120 + 2400 * exponential(u[3]))
        if u[2] < wrong.late + wrong.disordered:
            return 3 + 60 * u[3]
        return 0.05

    def _message(self, report: Report, heard_s: float, u: tuple[float, ...]) -> tuple[str, bytes]:
        day, faults = int(report.time_s // 86_400), self._faults.at(report.number)
        values = self._faulty(report, day, faults)
        port, payload = encode(self._profile, values, frame=report.frame)
        if isinstance(payload, bytes) and faults[0] < self._impairments.truncated:
            payload = payload[: len(payload) // 2]
        rssi_dbm = round(-118 + 50 * u[6])
        uplink = Uplink(
            envelope=self._envelope,
            device_key=self._device.key,
            organisation_key=self._device.organisation_key,
            payload=payload,
            f_port=port,
            f_cnt=self._f_cnt,
            device_time=instant(report.time_s + self._clock_error_s(day, report.time_s))
            if self._own
            else None,
            network_time=instant(heard_s),
            rssi_dbm=float(rssi_dbm),
            snr_db=round(-12 + 22 * u[7], 1),
            simulated=True,
        )
        return wrap(self._envelope, uplink, session=self._session)

    def _faulty(self, report: Report, day: int, faults: tuple[float, ...]) -> Mapping[str, Any]:
        values = report.values
        if "distance" in values:
            return {
                **values,
                "distance": self._distance(values["distance"], day, faults, "temperature" in values),
            }
        if "time" in values and (error_s := self._clock_error_s(day, report.time_s)):
            return {**values, "time": instant(int(report.time_s + error_s))}
        return values

    def _distance(
        self, seen_m: float, day: int, faults: tuple[float, ...], knows_no_echo: bool
    ) -> float | None:
        if self._days.at(day)[0] < self._impairments.stuck_days:
            if self._stuck is None or self._stuck[0] != day:
                self._stuck = day, seen_m
            return self._stuck[1]
        if faults[1] < self._impairments.spiking:
            return None if knows_no_echo and faults[2] < 0.5 else 0.05 + 5.5 * faults[3]
        return seen_m

    def _clock_error_s(self, day: int, time_s: float) -> float:
        u = self._days.at(day)
        if u[1] >= self._impairments.wrong_clock_days:
            return 0.0
        return 3600.0 - time_s if u[2] < 0.5 else float(_YEAR_S)

    def state(self) -> dict[str, Any]:
        """What must be known to go on later, as JSON."""
        return {"f_cnt": self._f_cnt} if self._stuck is None else {"f_cnt": self._f_cnt, "stuck": self._stuck}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` said."""
        self._f_cnt = int(state["f_cnt"])
        if "stuck" in state:
            day, seen_m = state["stuck"]
            self._stuck = int(day), float(seen_m)
