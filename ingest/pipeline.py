"""From deliveries to outcomes: every message gets one, whatever is wrong with it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from device_profiles.keys import key_of
from domain.errors import StorageError
from domain.messages import Message, Outcome, OutcomeKind, Reason

Interpret = Callable[[Message], Outcome]
KEPT_BYTES = 4_096
"""Of a message that even the quarantine refuses, this much of the payload is kept."""


def interpret_all(messages: Iterable[Message], interpret: Interpret) -> list[Outcome]:
    """Interpret each message; a defect in our own code puts that one message into quarantine, not the batch on hold.

    Raises
    ------
    StorageError
        If the registry of devices cannot be read; nothing is known about any message then.
    """
    return [_interpreted(message, interpret) for message in messages]


def rejected(outcome: Outcome, error: BaseException) -> Outcome:
    """Return the quarantine of a message whose rows the database refuses for what is in them."""
    return replace(
        outcome,
        kind=OutcomeKind.QUARANTINED,
        reason=Reason.CODEC_FAILED,
        detail=f"The database refused what was read from this message; please report it. {_sentence(error)}",
        readings=(),
        passages=(),
        events=(),
    )


def bare(outcome: Outcome) -> Outcome:
    """Return a quarantine that holds nothing but plain text and bytes: the last form that a message can take."""
    message = outcome.message
    return Outcome(
        message=replace(
            message, topic=message.topic.replace("\x00", "\\x00"), payload=message.payload[:KEPT_BYTES]
        ),
        kind=OutcomeKind.QUARANTINED,
        key=outcome.key,
        reason=Reason.CODEC_FAILED,
        detail="The database refused this message even as it came; its payload is cut, please report it.",
    )


def _interpreted(message: Message, interpret: Interpret) -> Outcome:
    try:
        return interpret(message)
    except StorageError:
        raise
    except Exception as error:  # whatever our code does wrong with one message, the others go on
        return Outcome(
            message=message,
            kind=OutcomeKind.QUARANTINED,
            key=key_of(message),
            reason=Reason.CODEC_FAILED,
            detail=f"Landpuls failed on this message; please report it. {_sentence(error)}",
        )


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split()).replace("\x00", "\\x00")
    return f"{type(error).__name__}: {text[:300]}"
