"""A log's key as somebody knows it: 64 hexadecimal digits, or a verifier key, which brings the origin too."""

from __future__ import annotations

from ruban.cli.boundary import WrongUse
from ruban.errors import FormatError, Message
from ruban.log.note import parse_vkey
from ruban.primitives.encoding import parse_hex


def known_key(text: str) -> tuple[str | None, bytes]:
    """The origin, if it is said, and the key; WrongUse for anything else."""
    try:
        if "+" in text:
            known = parse_vkey(text)
            return known.name, known.public
        return None, parse_hex("key", text, 32)
    except FormatError as wrong:
        raise WrongUse(
            Message("--key: expected {expected}", expected=wrong.expected),
            hint=Message("Give 64 lower-case hexadecimal digits, or a verifier key: name+id+key."),
        ) from None
