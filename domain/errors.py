"""The errors of Landpuls: one root, so that a command can tell its own failures from defects.

LandpulsError
├── UsageError            wrong settings or arguments (exit code 2)
├── NaiveTimeError        an instant without a time zone
├── ProfileError          a device profile that cannot be used
├── DecodeError           a payload that its profile cannot read
├── EncodeError           a value that its profile cannot write
├── EnvelopeError         a message that is not what its topic promises
├── StorageError          the database refused or is not as expected
│   ├── DatabaseUnavailable   it cannot be reached now; trying again may help
│   └── MigrationError        the schema is not the one this version needs
├── BrokerError           the MQTT broker refused or cannot be reached
│   └── SessionTakenOver      another client connected under our client id
├── AccessDenied          the caller may not do this
├── NotFound              nothing visible to the caller has this name
└── PlanningError         a plan cannot be made from what is known
    └── InfeasiblePlan        required containers cannot be served; says which and why
"""

from typing import Any


class LandpulsError(Exception):
    """Something went wrong that a person can mend.

    The docstring of the class is the message where none is given; data are attributes.
    """

    exit_code = 1

    def __init__(self, message: str | None = None, **data: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        self.data = data


class UsageError(LandpulsError):
    """The command or a setting was used wrongly."""

    exit_code = 2


class NaiveTimeError(LandpulsError):
    """An instant must carry a time zone; give an aware datetime, in UTC."""


class ProfileError(LandpulsError):
    """The device profile cannot be used."""


class DecodeError(LandpulsError):
    """The payload cannot be read with this device profile."""


class EncodeError(LandpulsError):
    """The value cannot be written with this device profile."""


class EnvelopeError(LandpulsError):
    """The message is not what its topic promises."""


class StorageError(LandpulsError):
    """The database refused, or is not as expected."""


class DatabaseUnavailable(StorageError):
    """The database cannot be reached now; it will be tried again."""


class MigrationError(StorageError):
    """The database schema is not the one this version needs; run `landpuls migrate`."""


class BrokerError(LandpulsError):
    """The MQTT broker refused, or cannot be reached."""


class SessionTakenOver(BrokerError):
    """Another client connected with the same client id; give each worker its own."""


class AccessDenied(LandpulsError):
    """This API key does not allow that."""


class NotFound(LandpulsError):
    """Nothing visible to you has this name."""


class PlanningError(LandpulsError):
    """A plan cannot be made from what is known."""


class InfeasiblePlan(PlanningError):
    """Required containers cannot be served."""
