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
from ruban.manage.folder import data_option, keeper_in, now
from ruban.service.open_group import group_folder
from ruban.service.standing import Standing, next_step, parse_standing, standing_of
from ruban.store.place import has_record
from ruban.web.configuration import load_configuration


@command("status", help=_("Say how this server stands, and the one thing to do next."))
@data_option
@click.pass_obj
def status(terminal: Terminal, data: Path) -> None:
    asked = ask_server(data, {"do": "status"}, lambda said: None)
    findings = check_up(load_configuration(os.environ, data=data), now())
    wrong = [found for found in findings if found.grade is Grade.WRONG]
    standing = _standing(data, asked, sound=not wrong)
    runs, rests = Message("A server runs on this folder."), Message("No server runs on this folder.")
    terminal.say(rests if asked is None else runs)
    if standing is not None:
        _tell(terminal, standing)
    if wrong:
        terminal.say(wrong[0].what)
    step = _step(wrong, standing, serving=asked is not None)
    terminal.say(Message("Next: {step}", step=step), style="bold")
    terminal.emit_json(
        {
            "serving": asked is not None,
            "group": None if standing is None else dataclasses.asdict(standing),
            "wrong": len(wrong),
            "next": str(step),
        }
    )


def _step(wrong: list[Finding], standing: Standing | None, *, serving: bool) -> str:
    """What is wrong with the machine comes first, then that nobody is served, then the group."""
    if wrong:
        return wrong[0].do or Message("See ruban doctor.")
    if standing is None and serving:
        return Message("Begin the group in the organisers' pages; ruban organiser link lets you in.")
    if standing is None:
        return Message("ruban serve prints a link; who opens it begins the group.")
    if standing.letters_open and not serving:
        return Message("ruban serve: without it nobody can read or sign the letter that is open.")
    return next_step(standing)


def _standing(data: Path, asked: dict[str, object] | None, *, sound: bool) -> Standing | None:
    """From the server if one runs, else from the folder; None before a group, or where the record does not open."""
    if asked is not None:
        return parse_standing(asked) if asked else None
    if not sound or not has_record(group_folder(data)):
        return None
    with keeper_in(data) as keeper:
        return standing_of(keeper, now())


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
