"""What is wrong with a file, where, and how to mend it."""

from domain.errors import UsageError


class BadInstance(UsageError):
    """The file does not hold a problem that can be read."""
