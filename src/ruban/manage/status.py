"""`ruban status`: how a server and its group stand, and the one thing to do next."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import click

from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.checkup import Finding, Grade, check_up
from ruban.manage.control import ask_server
from ruban.manage.folder import data_option, now
from ruban.service.open_group import group_folder
from ruban.service.standing import Standing, next_step, parse_standing, standing_of
from ruban.store.place import has_record
from ruban.web.configuration import load_configuration


@command("status", help=_("Say how this server stands, and the one thing to do next."))
@data_option
@click.pass_obj
def status(terminal: Terminal, data: Path) -> None:
    asked = ask_server(data, {"do": "status"}, lambda said: None)
    seen = [] if not asked else [parse_standing(asked)]
    findings = check_up(
        load_configuration(os.environ, data=data), now(), lambda keeper: seen.append(standing_of(keeper, now()))
    )
    wrong = [found for found in findings if found.grade is Grade.WRONG]
    standing = seen[0] if seen else None
    runs, rests = Message("A server runs on this folder."), Message("No server runs on this folder.")
    terminal.say(rests if asked is None else runs)
    if standing is not None:
        _tell(terminal, standing)
    if wrong:
        terminal.say(wrong[0].what)
    step = next_action(wrong, standing, serving=asked is not None, recorded=has_record(group_folder(data)))
    terminal.say(Message("Next: {step}", step=step), style="bold")
    terminal.emit_json(
        {
            "serving": asked is not None,
            "group": None if standing is None else dataclasses.asdict(standing),
            "wrong": len(wrong),
            "next": str(step),
        }
    )


def next_action(wrong: list[Finding], standing: Standing | None, *, serving: bool, recorded: bool) -> str:
    """What is wrong with the machine comes first, then that nobody is served, then the group."""
    if wrong:
        return wrong[0].do or Message("See ruban doctor.")
    if standing is None and recorded:
        return Message("Stop the server, then ask ruban doctor: it does not trust the record that it has.")
    if standing is None and serving:
        return Message("Begin the group in the organisers' pages; ruban organiser link lets you in.")
    if standing is None:
        return Message("ruban serve prints a link; who opens it begins the group.")
    if standing.letters_open and not serving:
        return Message("ruban serve: without it nobody can read or sign the letter that is open.")
    return next_step(standing)


def _tell(terminal: Terminal, standing: Standing) -> None:
    terminal.say(
        Message(
            "{enrolled:,} enrolled of {entitled:,} entitled; {invited:,} codes.",
            enrolled=standing.enrolled,
            entitled=standing.entitled,
            invited=standing.invited,
        ),
        Message(
            "Letters: {open:,} open, {to_come:,} to come, {over:,} over.",
            open=standing.letters_open,
            to_come=standing.letters_to_come,
            over=standing.letters_over,
        ),
        Message(
            "The record has {entries:,} entries, and {waiting:,} more are safe and wait for the next publication.",
            entries=standing.entries,
            waiting=standing.waiting,
        ),
    )
