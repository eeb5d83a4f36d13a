"""`ruban doctor`: what is not right with this server, and what to do about it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ruban.cli.boundary import DOES_NOT_HOLD, HOLDS
from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.checkup import Grade, check_up
from ruban.manage.folder import data_option, now
from ruban.web.configuration import load_configuration

_MARKS = {Grade.GOOD: Message("ok"), Grade.NOTE: Message("note"), Grade.WRONG: Message("wrong")}
_STYLES = {Grade.GOOD: "", Grade.NOTE: "", Grade.WRONG: "bold"}


@command("doctor", help=_("Say what is not right with this server, and what to do."))
@data_option
@click.pass_obj
def doctor(terminal: Terminal, data: Path) -> int:
    findings = check_up(load_configuration(os.environ, data=data), now())
    for found in findings:
        terminal.say(Message("{mark}: {what}", mark=_MARKS[found.grade], what=found.what), style=_STYLES[found.grade])
        if found.do is not None:
            terminal.say(Message("    {do}", do=found.do))
    wrong = sum(found.grade is Grade.WRONG for found in findings)
    terminal.emit_json(
        {
            "wrong": wrong,
            "findings": [{"grade": found.grade.value, "what": str(found.what), "do": found.do} for found in findings],
        }
    )
    if wrong == 0:
        terminal.say(Message("Nothing is wrong."))
    return DOES_NOT_HOLD if wrong else HOLDS
