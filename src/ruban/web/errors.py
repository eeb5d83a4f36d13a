"""From a typed error to a status of HTTP: the one table. Services know nothing of it."""

from __future__ import annotations

from http import HTTPStatus

from ruban.errors import (
    FetchFailed,
    FormatError,
    IntakePaused,
    InvitationExpired,
    InvitationSpent,
    InvitationUnknown,
    LetterClosed,
    LetterNotOpen,
    QuorumMissing,
    Refused,
    RubanError,
    RuleBroken,
    StoreError,
    TagReused,
    VerificationError,
)
from ruban.language import Language, say
from ruban.web.sentences import hint_of

RETRY_SECONDS = 30
"""What a client that must wait is told to wait."""


class NotFound(Refused):
    """There is nothing at this address."""


class ForeignOrigin(Refused):
    """A page of another site sent this."""


class TooLarge(Refused):
    """The body has more bytes than the route takes."""


class TooSlow(Refused):
    """The body did not come whole within the time that the route gives it."""


class WrongMediaType(Refused):
    """The body is not of the type that the route takes."""


class TooMany(Refused):
    """More requests in a short time than one address may send."""


class Fault(RubanError):
    """Something of ours broke."""


_STATUS: tuple[tuple[type[RubanError], HTTPStatus], ...] = (
    (Fault, HTTPStatus.INTERNAL_SERVER_ERROR),
    (NotFound, HTTPStatus.NOT_FOUND),
    (ForeignOrigin, HTTPStatus.FORBIDDEN),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (TooSlow, HTTPStatus.REQUEST_TIMEOUT),
    (WrongMediaType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (TooMany, HTTPStatus.TOO_MANY_REQUESTS),
    (InvitationUnknown, HTTPStatus.NOT_FOUND),
    (InvitationSpent, HTTPStatus.CONFLICT),
    (InvitationExpired, HTTPStatus.GONE),
    (LetterNotOpen, HTTPStatus.TOO_EARLY),
    (LetterClosed, HTTPStatus.GONE),
    (IntakePaused, HTTPStatus.SERVICE_UNAVAILABLE),
    (TagReused, HTTPStatus.CONFLICT),
    (QuorumMissing, HTTPStatus.CONFLICT),
    (RuleBroken, HTTPStatus.CONFLICT),
    (FormatError, HTTPStatus.BAD_REQUEST),
    (VerificationError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (FetchFailed, HTTPStatus.NOT_FOUND),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (Refused, HTTPStatus.CONFLICT),
)


def status_of(error: RubanError) -> HTTPStatus:
    """The status that goes with an error: that of its nearest kind in the table."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def error_as_json(language: Language, error: RubanError) -> dict[str, str | None]:
    """An error for programs, which `ruban submit` and the pages read."""
    return {
        "error": type(error).__name__,
        "field": say(language, error.field),
        "expected": say(language, error.expected),
        "got": None if error.got is None else say(language, error.got),
        "hint": hint_of(language, error),
    }
