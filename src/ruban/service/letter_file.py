"""A letter as its organisers write it: Markdown under a block of keys, in one language or several. No I/O.

The file is for people; the record gets what this module makes of it. docs/operate/letter-file.md shows the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from ruban.errors import FormatError, Message
from ruban.primitives.encoding import parse_decimal
from ruban.record.kinds import MAX_LANGUAGES
from ruban.service.letter_texts import (
    MAX_ADDRESSEE_CHARACTERS,
    MAX_TEXT_BYTES,
    MAX_TITLE_CHARACTERS,
    LetterText,
    check_characters,
    demands_of,
    line_of,
    place,
    single_text,
    split_texts,
)
from ruban.service.letter_time import Moment, parse_moment, read_moment
from ruban.service.letter_yaml import MAX_FRONT_MATTER_BYTES, Node, parse_front_matter

__all__ = ["MAX_LETTER_BYTES", "LetterDraft", "LetterText", "Way", "parse_letter", "parse_moment"]

MAX_LETTER_BYTES = MAX_FRONT_MATTER_BYTES + MAX_LANGUAGES * (MAX_TEXT_BYTES + 256)
MAX_THRESHOLD = 10_000_000
MAX_RETENTION_DAYS = 3650

Way = Literal["name", "unnamed", "role"]
WAYS: tuple[Way, ...] = ("name", "unnamed", "role")
"""By name; as one of all; as one of those with the same role."""
USUAL_WAYS: tuple[Way, ...] = ("name", "unnamed")

_KEYS = ("opening", "closing", "unnamed_from", "threshold", "ways", "retention_days")
_TEXT_KEYS = ("title", "addressee", "demands")
# What people write who write their letter in French; only for the hint.
_IN_FRENCH = {
    "titre": "title",
    "destinataire": "addressee",
    "demandes": "demands",
    "ouverture": "opening",
    "clôture": "closing",
    "fermeture": "closing",
    "seuil": "threshold",
    "langue": "language",
    "langues": "languages",
    "conservation": "retention_days",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-(?:[A-Z]{2}|[0-9]{3}|[A-Z][a-z]{3}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraft:
    """A letter that may be opened: complete, within bounds, in at least one language. Times are Unix seconds."""

    texts: tuple[LetterText, ...]
    """The first prevails; all have the same number of demands."""
    opening: int
    closing: int
    """After `opening` and after the time of reading."""
    unnamed_from: int | None
    """Not before `opening` and before `closing`; None leaves it to the service."""
    threshold: int | None
    ways: tuple[Way, ...]
    retention_days: int | None = None
    """After the closing; then names and comments are erased. None keeps them as long as the record is."""
    zone: str | None
    """The zone that opening or closing is written in, `Europe/Paris`; None if neither names one."""


def parse_letter(data: bytes, now: int) -> LetterDraft:
    """The letter that a file holds, read at `now` (Unix seconds).

    FormatError for anything else, with the line and the key in `field`; the first fault is reported.
    """
    front, front_line, body, body_line = _divide(_decode(data))
    root = parse_front_matter(front, front_line)
    entries = root.entries or {}
    if "languages" in entries:
        _check_keys(entries, (*_KEYS, "languages"), "")
        texts = _several(entries["languages"], body, body_line)
    else:
        _check_keys(entries, (*_KEYS, *_TEXT_KEYS, "language", "languages"), "")
        lang_node = _needed(entries, "language", root.line, "")
        lang = _language(lang_node.text or "", lang_node.line, "language")
        texts = (_text(root, lang, "", single_text(body, body_line, lang)),)
    opening = _moment(entries, "opening", root.line, now)
    closing = _moment(entries, "closing", root.line, now, opening.at)
    if closing.at <= opening.at:
        raise FormatError(place(entries["closing"].line, "closing"), Message("after the opening"), Message("before it"))
    if closing.at <= now:
        raise FormatError(
            place(entries["closing"].line, "closing"), Message("a moment to come"), Message("one that has passed")
        )
    ways = _ways(entries.get("ways"))
    unnamed_from = None
    if "unnamed_from" in entries:
        where = place(entries["unnamed_from"].line, "unnamed_from")
        if "unnamed" not in ways:
            raise FormatError(where, Message("nothing, since nobody signs unnamed"), Message("a moment"))
        unnamed_from = _moment(entries, "unnamed_from", root.line, now, opening.at).at
        if not opening.at <= unnamed_from < closing.at:
            raise FormatError(where, Message("a moment between opening and closing"), Message("another"))
    return LetterDraft(
        texts=texts,
        opening=opening.at,
        closing=closing.at,
        unnamed_from=unnamed_from,
        threshold=_threshold(entries.get("threshold")),
        ways=ways,
        retention_days=_retention_days(entries.get("retention_days")),
        zone=opening.zone or closing.zone,
    )


def _decode(data: bytes) -> str:
    if len(data) > MAX_LETTER_BYTES:
        raise FormatError("letter", Message("at most {n:,} bytes", n=MAX_LETTER_BYTES), Message("more"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            place(1 + data.count(b"\n", 0, error.start)),
            Message("text in UTF-8"),
            Message("other bytes"),
            hint=Message("Save the letter as UTF-8 (in a word processor: plain text, Unicode UTF-8)."),
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_characters(text)
    return text


def _divide(text: str) -> tuple[str, int, str, int]:
    """Front matter and body, each with the file's line where it starts."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].rstrip() != "---":
        raise FormatError(
            place(first + 1),
            Message("a first line of three hyphens (---), then the keys"),
            Message("something else"),
            hint=Message("See docs/operate/letter-file.md for a whole letter."),
        )
    for index in range(first + 1, len(lines)):
        if lines[index].rstrip() == "---":
            return "\n".join(lines[first + 1 : index]), first + 2, "\n".join(lines[index + 1 :]), index + 2
    raise FormatError(place(len(lines)), Message("a line of three hyphens (---) after the keys"), Message("none"))


def _check_keys(entries: dict[str, Node], known: tuple[str, ...], prefix: str) -> None:
    for key, node in entries.items():
        if key in known:
            continue
        near = _IN_FRENCH.get(key.lower()) or next(iter(get_close_matches(key[:40].lower(), known, 1)), None)
        raise FormatError(
            place(node.line, prefix + key[:40]),
            Message("one of the keys {keys}", keys=", ".join(known)),
            Message("a key that is not known"),
            hint=Message("Did you mean “{key}”?", key=near) if near in known else None,
        )


def _needed(entries: dict[str, Node], key: str, line: int, prefix: str) -> Node:
    if key not in entries:
        raise FormatError(place(line, prefix + key), Message("the key “{key}”", key=key), Message("nothing"))
    return entries[key]


def _several(node: Node, body: str, body_line: int) -> tuple[LetterText, ...]:
    where = place(node.line, "languages")
    if not node.entries:
        raise FormatError(where, Message("a block for each language, such as “fr:”"), Message("none"))
    if len(node.entries) > MAX_LANGUAGES:
        raise FormatError(where, Message("at most {n} languages", n=MAX_LANGUAGES), str(len(node.entries)))
    languages = tuple(_language(lang, block.line, "languages") for lang, block in node.entries.items())
    for lang, block in node.entries.items():
        if block.entries is None:
            raise FormatError(
                place(block.line, f"languages.{lang}"), Message("title, addressee and demands"), Message("none")
            )
        _check_keys(block.entries, _TEXT_KEYS, f"languages.{lang}.")
    bodies = split_texts(body, body_line, languages)
    texts = tuple(_text(block, lang, f"languages.{lang}.", bodies[lang]) for lang, block in node.entries.items())
    for text in texts[1:]:
        if len(text.demands) != len(texts[0].demands):
            raise FormatError(
                place(node.entries[text.lang].line, f"languages.{text.lang}.demands"),
                Message("{n} demands, as in {lang}", n=len(texts[0].demands), lang=texts[0].lang),
                str(len(text.demands)),
                hint=Message("Each demand is answered by its number, so every language has the same ones."),
            )
    return texts


def _text(node: Node, lang: str, prefix: str, body: str) -> LetterText:
    entries = node.entries or {}
    title, addressee, demands = (_needed(entries, key, node.line, prefix) for key in _TEXT_KEYS)
    return LetterText(
        lang=lang,
        title=line_of(title, prefix + "title", MAX_TITLE_CHARACTERS),
        addressee=line_of(addressee, prefix + "addressee", MAX_ADDRESSEE_CHARACTERS),
        demands=demands_of(demands, prefix + "demands"),
        body=body,
    )


def _language(text: str, line: int, key: str) -> str:
    if _LANGUAGE.fullmatch(text):
        return text
    raise FormatError(
        place(line, key),
        Message("a language tag such as fr, en or pt-BR"),
        repr(text[:40]),
        hint=Message("Two or three small letters; after a hyphen a country in capitals, if need be."),
    )


def _moment(entries: dict[str, Node], key: str, line: int, now: int, opening: int | None = None) -> Moment:
    node = _needed(entries, key, line, "")
    if node.text is None:
        raise FormatError(place(node.line, key), Message("a moment"), Message("a list or block"))
    return read_moment(place(node.line, key), node.text.strip(), now, opening)


def _threshold(node: Node | None) -> int | None:
    if node is None:
        return None
    where = place(node.line, "threshold")
    threshold = parse_decimal(where, node.text or "")
    if not 1 <= threshold <= MAX_THRESHOLD:
        raise FormatError(where, Message("1 to {n:,} signatures", n=MAX_THRESHOLD), str(threshold))
    return threshold


def _retention_days(node: Node | None) -> int | None:
    if node is None:
        return None
    where = place(node.line, "retention_days")
    days = parse_decimal(where, node.text or "")
    if not 1 <= days <= MAX_RETENTION_DAYS:
        raise FormatError(where, Message("1 to {n:,} days", n=MAX_RETENTION_DAYS), str(days))
    return days


def _ways(node: Node | None) -> tuple[Way, ...]:
    if node is None:
        return USUAL_WAYS
    written = [node.text] if node.items is None else [item.text for item in node.items]
    if not written or len(set(written)) != len(written) or not set(written) <= set(WAYS):
        raise FormatError(place(node.line, "ways"), Message("some of [name, unnamed, role]"), Message("other words"))
    if "role" in written and "unnamed" not in written:
        raise FormatError(place(node.line, "ways"), Message("unnamed, where there is role"), Message("role without it"))
    return tuple(way for way in WAYS if way in written)
