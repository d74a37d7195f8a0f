"""What is wrong with a file, where, and how to mend it."""

from domain.errors import UsageError


def sentence(text: object) -> str:
    """End a text with a full stop, unless it ends with a mark of its own."""
    told = str(text)
    return told if told.endswith((".", "?", "!")) else f"{told}."


class BadInstance(UsageError):
    """The file does not hold a problem that can be read."""
