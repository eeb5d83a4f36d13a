"""The YAML between the two `---` lines of a letter, as a small tree of texts, lists and mappings with line numbers.

Built from PyYAML's events, so nothing is guessed or run: every scalar stays the text that was written (`no` is no
boolean, `2026` no number), anchors, aliases, tags and repeated keys are refused, size and depth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import yaml

from ruban.errors import FormatError, Message

MAX_FRONT_MATTER_BYTES = 400_000
"""Room for the longest titles and demands in as many languages as a letter may have."""
MAX_FRONT_MATTER_DEPTH = 5
MAX_FRONT_MATTER_NODES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value: exactly one of text, items and entries is not None."""

    line: int
    text: str | None = field(default=None, repr=False)
    items: tuple[Node, ...] | None = field(default=None, repr=False)
    entries: dict[str, Node] | None = field(default=None, repr=False)
    cut_short: bool = False
    """A comment follows on the same line: what was meant as text may have been lost with it."""


def parse_front_matter(source: str, first_line: int) -> Node:
    """The mapping that `source` writes; `first_line` is the file's line where it starts. FormatError otherwise."""
    if len(source.encode("utf-8")) > MAX_FRONT_MATTER_BYTES:
        raise FormatError(
            _field(first_line),
            Message("at most {n:,} bytes before the text", n=MAX_FRONT_MATTER_BYTES),
            Message("more"),
        )
    reader = _Reader(source, first_line)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FormatError(
            _field(first_line + (mark.line if mark else 0)),
            Message("“key: value” lines, with lists and blocks set in by spaces (YAML)"),
            Message("something else"),
            hint=Message("Put quotation marks around a text that has a colon in it, or begins with a sign."),
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets the built-in errors of chr() and int() through for escapes and directives out of range.
        raise FormatError(_field(first_line), Message("YAML"), Message("something else")) from None


def _field(line: int) -> Message:
    return Message("letter, line {line}", line=line)


class _Reader:
    def __init__(self, source: str, first_line: int) -> None:
        self._lines = source.split("\n")
        self._first_line = first_line
        self._events: Iterator[yaml.Event] = yaml.parse(source, Loader=yaml.SafeLoader)
        self._nodes = 0

    def document(self) -> Node:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Node(line=self._first_line, entries={})
        root = self._node(next(self._events), MAX_FRONT_MATTER_DEPTH)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise FormatError(self._field(after), Message("one block of keys"), Message("a second one"))
        if root.entries is None:
            raise FormatError(_field(root.line), Message("keys, such as “title: …”"), Message("something else"))
        return root

    def _line(self, event: yaml.Event) -> int:
        return self._first_line + (event.start_mark.line if event.start_mark else 0)

    def _field(self, event: yaml.Event) -> Message:
        return _field(self._line(event))

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = self._line(event)
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise FormatError(_field(line), Message("plain values"), Message("a YAML anchor or alias (& or *)"))
        if getattr(event, "tag", None) is not None:
            raise FormatError(_field(line), Message("plain values"), Message("a YAML tag (!)"))
        if self._nodes > MAX_FRONT_MATTER_NODES:
            raise FormatError(_field(line), Message("at most {n} values", n=MAX_FRONT_MATTER_NODES), Message("more"))
        if isinstance(event, yaml.ScalarEvent):
            return Node(line=line, text=event.value, cut_short=self._is_cut_short(event))
        if not depth:
            raise FormatError(_field(line), Message("at most {n} levels", n=MAX_FRONT_MATTER_DEPTH), Message("more"))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(inner, depth - 1))
            return Node(line=line, items=tuple(items))
        return Node(line=line, entries=self._entries(depth))

    def _entries(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth - 1)
            if key.text is None:
                raise FormatError(_field(key.line), Message("a word as key"), Message("a list or block"))
            if key.text in entries:
                raise FormatError(_field(key.line), Message("each key once"), repr(key.text[:40]))
            # A value is found by its key, also where it begins further down.
            entries[key.text] = replace(self._node(next(self._events), depth - 1), line=key.line)
        return entries

    def _is_cut_short(self, event: yaml.ScalarEvent) -> bool:
        end = event.end_mark
        if event.style is not None or end is None or end.line >= len(self._lines):
            return False
        return self._lines[end.line][end.column :].lstrip(" ").startswith("#")
