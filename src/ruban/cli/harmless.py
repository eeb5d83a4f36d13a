"""Strangers' text made harmless for a terminal: no control characters, no escape sequences, no reversed writing.

Titles and names come from whoever wrote the record. Whatever a terminal would obey rather than show is taken out, and
line feeds too, so that a title cannot draw a false verdict under itself; nor by filling its line up with blanks.
"""

from __future__ import annotations

import re
import unicodedata

from ruban.errors import Message

MAX_LINE_CHARACTERS = 400
"""A title may be 64 KiB long; a line on a screen is cut here."""

# CSI, OSC/DCS and the like with their end, then any other two-character escape; what is left of ESC goes below.
_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[PX\\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
    "|\x1b."
)
_BLANK = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
# Whatever shows as nothing: spaces of all widths, the empty Braille cell, the Hangul fillers. Three in a row may stay.
_FILLER = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u115f\u1160\u3164\uffa0]{4,}")
# Format characters that scripts need: joiners, and the signs that go before Arabic and Syriac numbers.
_NEEDED = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f")


def harmless(text: str, at_most: int = MAX_LINE_CHARACTERS) -> str:
    """One line of `text` that a terminal only shows, cut with an ellipsis after `at_most` characters."""
    shown = _BLANK.sub(" ", _SEQUENCE.sub("", text[: 4 * at_most]))
    kept = [c for c in shown if c in _NEEDED or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")]
    return "".join(kept) if len(kept) <= at_most else "".join(kept[:at_most]) + "…"


def harmless_message(message: str) -> str:
    """The same sentence with every part made harmless; line feeds of the template itself stay.

    A string that is no Message is a sentence of Ruban's own, or a stranger's text: it becomes one line.
    """
    if not isinstance(message, Message):
        return harmless(message)
    parts = {name: _harmless_part(part) if isinstance(part, str) else part for name, part in message.parts.items()}
    return Message(message.msgid, **parts)


def _harmless_part(part: str) -> str:
    return harmless_message(part) if isinstance(part, Message) else _FILLER.sub(" ", harmless(part))
