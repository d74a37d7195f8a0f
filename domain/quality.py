"""What is known against a reading: a set of flags in two bytes, stored with it and never lost."""

from enum import IntFlag


class Quality(IntFlag):
    """Flags of a reading or passage; 0 is a reading without reproach."""

    GOOD = 0
    IMPLAUSIBLE = 1
    """Outside the profile's plausible range, or not a finite number; kept out of latest, aggregates, forecasts."""
    CONFLICT = 2
    """Another value was reported for the same datastream and time."""
    TIME_REPLACED = 4
    """The device's clock was wrong; the network's time stands instead."""
    COUNTER_RESET = 8
    """The counter began anew within this interval; the difference is a lower bound."""
    DERIVED = 16
    """Computed by Landpuls from other readings or passages, and restated when those change."""
    NEW_EPOCH = 32
    """The message key was seen before with another payload: the device began a new session unannounced."""
    SIMULATED = 64
    """Sent by a simulator or a network server's test function."""
    CLIPPED = 128
    """The value was limited to its range, as a level above full is by a container's geometry."""
    REDECODED = 256
    """Replaced by decoding the stored message anew with a later profile version."""


EXCLUDED = Quality.IMPLAUSIBLE
"""Readings with any of these flags count in no aggregate, no latest value and no forecast."""
