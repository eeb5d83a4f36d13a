"""An error in the words of our pages: its field by the label that stands above it, and what to do about it.

Below this floor a field has the name that it has in the record or in a file. Whoever filled a form knows its label.
"""

from __future__ import annotations

from ruban.errors import IntakePaused, Message, RubanError, StoreError
from ruban.language import Language, say, say_error

LABELS: dict[str, Message] = {
    "addressee": Message("To whom"),
    "by": Message("Organisers"),
    "claim": Message("Name"),
    "closing": Message("Closing"),
    "code": Message("Code"),
    "checkpoint": Message("The public record"),
    "day": Message("Last day of the codes"),
    "demand": Message("What you ask for"),
    "disk": Message("Disk of the server"),
    "electorate": Message("Entitled"),
    "electorate_date": Message("The day on which it was true"),
    "folder": Message("Data folder of the server"),
    "free disk": Message("Disk of the server"),
    "identifier": Message("E-mail address or personnel number, as in the list"),
    "invitation": Message("Invitation"),
    "language": Message("Language of the letter"),
    "letter": Message("The letter"),
    "mail": Message("E-mail"),
    "names": Message("What to hide"),
    "number": Message("Number"),
    "open": Message("The letter"),
    "opening": Message("Signing opens on"),
    "organiser": Message("Organiser"),
    "organisers": Message("Organisers"),
    "origin": Message("Address of the group"),
    "passkey": Message("Passkey"),
    "people": Message("The list of those entitled"),
    "quorum": Message("How many organisers it takes to open a letter"),
    "reason": Message("Reason"),
    "record": Message("The public record"),
    "retention_days": Message("Days that names and comments are kept"),
    "role": Message("Role"),
    "roles": Message("Roles"),
    "server": Message("Mail server"),
    "sigs": Message("Organisers"),
    "source": Message("Where that number comes from"),
    "store": Message("Memory of the server"),
    "successor": Message("The letter that takes its place"),
    "texts": Message("Texts"),
    "threshold": Message("How many signatures the letter wants"),
    "time": Message("Clock of the server"),
    "title": Message("Title"),
    "unnamed_from": Message("Without a name from"),
    "update": Message("News"),
    "ways": Message("How people may sign"),
}


def sentence_of(language: Language, error: RubanError) -> str:
    """One sentence without its full stop: the label of the field, what was expected, what came.

    A field that no page has is left out: its name is for programs.
    """
    place = LABELS.get(error.field, error.field if isinstance(error.field, Message) else None)
    if place is not None:
        return say_error(language, type(error)(place, error.expected, error.got))
    expected = Message("expected {expected}", expected=error.expected)
    if error.got is not None:
        expected = Message("expected {expected}, got {got}", expected=error.expected, got=error.got)
    said = say(language, expected)
    return said[:1].upper() + said[1:]


def hint_of(language: Language, error: RubanError) -> str | None:
    """What a person can do about it, if the error knows."""
    if isinstance(error, IntakePaused | StoreError) and error.hint is None:
        return say(language, Message("Try again in a minute. What was acknowledged is safe."))
    return None if error.hint is None else say(language, error.hint)
