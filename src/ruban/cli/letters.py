"""Which letter is meant: by its identifier, or the beginning of it."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.cli.boundary import WrongUse
from ruban.errors import Message

LEAST_CHARACTERS = 4


def pick(known: Sequence[bytes], wanted: str) -> bytes:
    """The one letter whose identifier begins with `wanted`; WrongUse if there is none, or more than one."""
    found = [letter for letter in known if letter.hex().startswith(wanted.lower())]
    if len(found) == 1 and len(wanted) >= LEAST_CHARACTERS:
        return found[0]
    said = Message("No letter has an identifier that begins with {wanted}.", wanted=wanted)
    if len(found) > 1 or len(wanted) < LEAST_CHARACTERS:
        said = Message("{wanted} is too short to name one letter.", wanted=wanted)
    raise WrongUse(said, hint=those(known))


def those(known: Sequence[bytes]) -> Message:
    """A hint that lists the letters there are."""
    if not known:
        return Message("This record has no letter.")
    return Message("The letters are: {letters}", letters=", ".join(letter.hex() for letter in known))
