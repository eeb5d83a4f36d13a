"""The one way to speak to whoever typed the command: sentences, tables, progress, questions, JSON.

Results go to stdout; progress, notes, questions and errors to stderr. With `--json` stdout carries one JSON object and
nothing else. Strangers' texts, which come as parts of a Message, are made harmless on the way.
"""

from __future__ import annotations

import json as _json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from ruban.cli.boundary import WrongUse
from ruban.cli.harmless import harmless_message
from ruban.errors import Message
from ruban.language import Language, instant, say
from ruban.language import ngettext as _ngettext

BAR_AFTER_SECONDS = 0.5
"""A bar that would vanish at once is not drawn."""
_WIDE = 1_000
_YES = {"en": ("y", "yes"), "fr": ("o", "oui")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Language, form of output, and the two streams. Made once by `main`, handed on as click's `ctx.obj`."""

    language: Language
    json: bool = False
    out: Console = field(repr=False)
    err: Console = field(repr=False)

    @classmethod
    def of_process(cls, language: Language, json: bool) -> Terminal:
        """The terminal of this process, on its standard streams as they are now."""
        for stream in (sys.stdout, sys.stderr):
            # A stream in Latin-1 shows a question mark rather than break off at an ellipsis.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        return cls(language=language, json=json, out=_console(False), err=_console(True))

    def text(self, message: str) -> str:
        """The sentence in the reader's language, its parts made harmless."""
        return say(self.language, harmless_message(message))

    def ngettext(self, one: str, many: str, n: int, **parts: Any) -> Message:
        """The form of a sentence that goes with `n` (`{n}` or `{n:,}`), already said in the reader's language."""
        safe = {name: self.text(part) if isinstance(part, str) else part for name, part in parts.items()}
        return Message("{said}", said=_ngettext(self.language, one, many, n, **safe))

    def say(self, *messages: str, style: str = "") -> None:
        """Print sentences, one a line, on stdout; nothing with --json."""
        if not self.json:
            self._print(self.out, messages, style)

    def note(self, *messages: str, style: str = "") -> None:
        """Print sentences on stderr: what is worth knowing, but is not the result."""
        self._print(self.err, messages, style)

    def warn(self, message: str) -> None:
        """Print a warning on stderr."""
        self.note(Message("warning: {message}", message=message), style="yellow")

    def _print(self, console: Console, messages: Sequence[str], style: str) -> None:
        for message in messages:
            console.print(Text(self.text(message), style=style), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
        """Print a table on stdout, numbers to the right; nothing with --json."""
        if self.json:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for number, column in enumerate(columns):
            numeric = bool(rows) and all(isinstance(row[number], int) for row in rows)
            table.add_column(Text(self.text(column)), justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(
                *(Text(self.text(Message("{cell:,}" if isinstance(c, int) else "{cell}", cell=c))) for c in row)
            )
        self.out.print(table)

    def emit_json(self, value: Mapping[str, Any]) -> None:
        """Print `value` as the one JSON object on stdout; nothing without --json. ASCII only, so harmless as it is."""
        if self.json:
            print(_json.dumps(value, indent=2, ensure_ascii=True), file=self.out.file)

    def emit_text(self, text: str) -> None:
        """Print `text` as it is on stdout: what is made to be piped. Nothing with --json."""
        if not self.json:
            self.out.file.write(text)

    def instant(self, unix_seconds: int) -> str:
        """`2026-11-22 09:00 UTC`; the bare number where no calendar goes that far."""
        try:
            return instant(datetime.fromtimestamp(unix_seconds, UTC))
        except (OverflowError, ValueError, OSError):
            return str(unix_seconds)

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Progress]:
        """A bar on stderr while something lasts, if stderr is a terminal and it lasts long enough to matter."""
        bar = Progress(_terminal=self, _what=what, _total=total)
        try:
            yield bar
        finally:
            bar._stop()

    def confirm(self, question: str) -> bool:
        """Whether the answer on stdin is yes. WrongUse where stdin has ended and nobody can answer."""
        yes = _YES[self.language.name]
        self.err.print(Text(f"{self.text(question)} [{yes[0]}/N] "), end="", soft_wrap=True)
        answer = self._line()
        return answer.strip().lower() in (*_YES["en"], *yes)

    def ask_hidden(self, question: str) -> str:
        """A line typed without being shown; read from stdin where that is no terminal."""
        if sys.stdin.isatty():
            return str(click.prompt(self.text(question), hide_input=True, err=True, prompt_suffix=" "))
        self.note(question)
        return self._line()

    def _line(self) -> str:
        self.err.file.flush()
        line = sys.stdin.readline()
        if not line:
            raise WrongUse(Message("A question was asked and nobody answered."), hint=Message("Add --yes to say yes."))
        return line.removesuffix("\n")


def _console(stderr: bool) -> Console:
    file = sys.stderr if stderr else sys.stdout
    # In a pipe a table is as wide as it has to be.
    width = None if file.isatty() else _WIDE
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False)


class Progress:
    """How far something is. Made by `Terminal.progress`; silent where nobody watches."""

    def __init__(self, *, _terminal: Terminal, _what: str, _total: float | None) -> None:
        self._terminal, self._what, self._total, self._done = _terminal, _what, _total, 0.0
        self._begun = time.monotonic()
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None
        self._watched = _terminal.err.is_terminal

    def advance(self, by: float = 1) -> None:
        """Say that `by` more is done."""
        self.update(self._done + by)

    def update(self, done: float, total: float | None = None, what: str | None = None) -> None:
        """Say how much is done, of how much, and of what."""
        self._done = done
        self._total = self._total if total is None else total
        self._what = self._what if what is None else what
        if not self._watched:
            return
        if self._bar is None and time.monotonic() - self._begun >= BAR_AFTER_SECONDS:
            self._start()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=self._total, description=self._said())

    def _said(self) -> str:
        return self._terminal.text(self._what)

    def _start(self) -> None:
        counted = self._total is not None and self._total > 1
        columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(bar_width=30)]
        columns += [MofNCompleteColumn()] if counted else []
        self._bar = RichProgress(*columns, TimeElapsedColumn(), console=self._terminal.err, transient=True)
        self._task = self._bar.add_task(self._said(), total=self._total)
        self._bar.start()

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
