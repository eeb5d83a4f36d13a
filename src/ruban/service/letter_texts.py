"""The texts of a letter by language: where each begins in the file, and what title, demands and text may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from ruban.errors import FormatError, Message
from ruban.record.commitment import MAX_PAYLOAD_BYTES
from ruban.record.kinds import MAX_DEMANDS
from ruban.service.letter_yaml import Node

MAX_TITLE_CHARACTERS = 200
MAX_ADDRESSEE_CHARACTERS = 200
MAX_DEMAND_CHARACTERS = 500
MAX_TEXT_BYTES = MAX_PAYLOAD_BYTES

_HEADING = re.compile(r"# +([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?) *")
# A heading of two small letters is a language that was forgotten above, not a heading.
_UNDECLARED = re.compile(r"[a-z]{2}")
# Tabs and line feeds are layout. Direction overrides can make a text read otherwise than it is stored.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """The letter in one language; every text is NFC, without control characters but line feeds and tabs in `body`."""

    lang: str
    title: str
    addressee: str
    demands: tuple[str, ...]
    body: str = field(repr=False)
    """Markdown, without blank lines around it, at most MAX_TEXT_BYTES in UTF-8."""


def place(line: int, key: str = "") -> Message:
    """Where in the file, for people."""
    if key:
        return Message("letter, line {line}, {key}", line=line, key=key)
    return Message("letter, line {line}", line=line)


def check_characters(text: str, first_line: int = 1, key: str = "") -> None:
    """Accept text without control characters other than tabs and line feeds; FormatError otherwise."""
    unfit = _UNFIT.search(text)
    if unfit:
        raise FormatError(
            place(first_line + text.count("\n", 0, unfit.start()), key),
            Message("visible text"),
            Message("the character {character}", character=f"U+{ord(unfit[0]):04X}"),
        )


def line_of(node: Node, key: str, most: int) -> str:
    """A text of one line, 1 to `most` characters; FormatError otherwise."""
    where = place(node.line, key)
    if node.text is None:
        raise FormatError(where, Message("a text"), Message("a list or block"))
    if node.cut_short:
        raise FormatError(
            where,
            Message("a text in quotation marks, where it has the sign #"),
            Message("a text that would be cut there"),
        )
    text = unicodedata.normalize("NFC", node.text).strip()
    if not text:
        raise FormatError(where, Message("a text"), Message("nothing"))
    check_characters(text, node.line, key)
    if "\n" in text or "\t" in text:
        raise FormatError(
            where,
            Message("a text of one line"),
            Message("several lines"),
            hint=Message("For a long one, write “>” after the colon, and set the lines below it in."),
        )
    if len(text) > most:
        raise FormatError(where, Message("at most {n} characters", n=most), str(len(text)))
    return text


def demands_of(node: Node, key: str) -> tuple[str, ...]:
    """1 to MAX_DEMANDS demands, no two alike; FormatError otherwise."""
    where = place(node.line, key)
    if node.items is None:
        raise FormatError(where, Message("a list of demands, each line beginning with “- ”"), Message("something else"))
    if not node.items:
        raise FormatError(where, Message("at least one demand"), Message("none"))
    if len(node.items) > MAX_DEMANDS:
        raise FormatError(where, Message("at most {n} demands", n=MAX_DEMANDS), str(len(node.items)))
    demands = tuple(line_of(item, f"{key}.{n}", MAX_DEMAND_CHARACTERS) for n, item in enumerate(node.items, 1))
    if len(set(demands)) != len(demands):
        raise FormatError(where, Message("each demand once"), Message("the same twice"))
    return demands


def split_texts(body: str, first_line: int, languages: tuple[str, ...]) -> dict[str, str]:
    """The text of each language: what stands below its line `# fr`, `# en`; FormatError if one has none.

    Only a heading that is nothing but a language of the letter divides; other headings belong to the text, but for
    one of two small letters, which is refused.
    """
    found: dict[str, list[str]] = {}
    starts: dict[str, int] = {}
    current: str | None = None
    for number, line in enumerate(body.split("\n"), first_line):
        heading = _HEADING.fullmatch(line)
        if heading and heading[1] in languages:
            current = heading[1]
            if current in found:
                raise FormatError(
                    place(number), Message("each language once"), Message("a second text in {lang}", lang=current)
                )
            found[current], starts[current] = [], number
        elif heading and _UNDECLARED.fullmatch(heading[1]):
            raise FormatError(
                place(number),
                Message("a language of the letter: {languages}", languages=", ".join(languages)),
                repr(heading[1]),
                hint=Message("Add it under “languages:”, or word the heading otherwise."),
            )
        elif current is not None:
            found[current].append(line)
        elif line.strip():
            raise FormatError(
                place(number),
                Message("a line “# {lang}” before the text", lang=languages[0]),
                Message("text in no language"),
            )
    texts = {}
    for lang in languages:
        if lang not in found:
            raise FormatError(
                place(first_line),
                Message("a line “# {lang}”, and the text below it", lang=lang),
                Message("no text in {lang}", lang=lang),
            )
        texts[lang] = body_of("\n".join(found[lang]), starts[lang], lang)
    return texts


def single_text(body: str, first_line: int, lang: str) -> str:
    """The text of a letter in one language, whose line `# fr` may be left out."""
    first = _HEADING.match(body.lstrip("\n"))
    if first and first[1] == lang and body.lstrip("\n")[first.end() :].startswith("\n"):
        return split_texts(body, first_line, (lang,))[lang]
    return body_of(body, first_line, lang)


def body_of(text: str, line: int, lang: str) -> str:
    """The text between its blank lines, NFC, 1 to MAX_TEXT_BYTES; FormatError otherwise."""
    body = unicodedata.normalize("NFC", re.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip())
    if not body.strip():
        raise FormatError(place(line), Message("the text of the letter in {lang}", lang=lang), Message("nothing"))
    size = len(body.encode("utf-8"))
    if size > MAX_TEXT_BYTES:
        raise FormatError(
            place(line), Message("a text of at most {n:,} bytes in {lang}", n=MAX_TEXT_BYTES, lang=lang), f"{size:,}"
        )
    return body
