"""`ruban vectors`: judge files of test vectors, so that strangers can test us, and themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ruban.cli.boundary import DOES_NOT_HOLD, HOLDS, WrongUse
from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import FormatError, Message
from ruban.errors import Message as _
from ruban.language import say_error
from ruban.proof.vectors import Outcome, expected_of, judge
from ruban.record.canonical import parse_strict

MAX_FILE_BYTES = 256 * 1024 * 1024
_DEPTH = 3
"""A list of cases that are objects, with lists in some fields."""

Case = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One file: how many cases, and those that did not end as they say they must."""

    path: str
    cases: int
    failed: tuple[tuple[str, Outcome, Outcome], ...]
    """Name, what was expected, what was got."""

    def as_json(self) -> dict[str, Any]:
        """The file for programs."""
        failed = [{"name": name, "expected": wanted.value, "got": got.value} for name, wanted, got in self.failed]
        return {"path": self.path, "cases": self.cases, "failed": failed}


@command(
    "vectors",
    help=_(
        "Judge test vectors: each case of each FILE says what must come of it. "
        "Exit code 1 if anything else comes of one, 2 if a file is not in the documented format."
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.pass_obj
def vectors(terminal: Terminal, files: tuple[str, ...]) -> int:
    """Every file is read before the first case is judged, so that a slip in the last one wastes nobody's time."""
    read = [(path, _read(terminal, path)) for path in files]
    with terminal.progress(_("judging"), sum(len(cases) for path, cases in read)) as bar:
        judged = [_judge(terminal, path, cases, bar.advance) for path, cases in read]
    terminal.table(
        [_("file"), _("cases"), _("as expected"), _("otherwise")],
        [[each.path, each.cases, each.cases - len(each.failed), len(each.failed)] for each in judged],
    )
    for each in judged:
        for name, wanted, got in each.failed:
            terminal.say(
                Message(
                    "{path}: {name}: expected {wanted}, got {got}",
                    path=each.path,
                    name=name,
                    wanted=wanted.value,
                    got=got.value,
                ),
                style="bold red",
            )
    holds = not any(each.failed for each in judged)
    terminal.emit_json({"holds": holds, "files": [each.as_json() for each in judged]})
    return HOLDS if holds else DOES_NOT_HOLD


def _read(terminal: Terminal, path: str) -> list[Case]:
    with Path(path).open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    try:
        value = parse_strict("file", data, max_bytes=MAX_FILE_BYTES, max_depth=_DEPTH)
        if not isinstance(value, list) or not value:
            raise FormatError("file", Message("a list of at least one case"), Message("another value, or none"))
        names: set[str] = set()
        for number, case in enumerate(value, 1):
            _check_case(number, case, names)
    except FormatError as wrong:
        raise _malformed(terminal, path, wrong) from None
    return value


def _check_case(number: int, case: object, names: set[str]) -> None:
    where = Message("case {n}", n=number)
    if not isinstance(case, dict) or not isinstance(case.get("name"), str):
        raise FormatError(where, Message("an object with a name"), Message("another value"))
    if case["name"] in names:
        raise FormatError(where, Message("a name of its own"), Message("one that stands twice"))
    names.add(case["name"])
    try:
        expected_of(case)
    except FormatError as wrong:
        raise FormatError(_named(number, case), wrong.expected, wrong.got) from None


def _judge(terminal: Terminal, path: str, cases: list[Case], advance: Any) -> Judged:
    failed = []
    for number, case in enumerate(cases, 1):
        try:
            got = judge(case)
        except FormatError as wrong:
            within = Message("{case}, {field}", case=_named(number, case), field=wrong.field)
            raise _malformed(terminal, path, FormatError(within, wrong.expected, wrong.got)) from None
        wanted = expected_of(case)
        if got is not wanted:
            failed.append((str(case["name"]), wanted, got))
        advance()
    return Judged(path=path, cases=len(cases), failed=tuple(failed))


def _named(number: int, case: Case) -> Message:
    return Message("case {n} ({name})", n=number, name=str(case["name"]))


def _malformed(terminal: Terminal, path: str, wrong: FormatError) -> WrongUse:
    return WrongUse(
        Message("{path}: {what}", path=path, what=say_error(terminal.language, wrong)),
        hint=Message("vectors/README.md describes the format."),
    )
