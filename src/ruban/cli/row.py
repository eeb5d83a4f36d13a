"""`ruban row`: whether a member's own row stands in the record and bears what they agreed to. Tells nobody else."""

from __future__ import annotations

import click

from ruban.cli.boundary import DOES_NOT_HOLD
from ruban.cli.command import command
from ruban.cli.own_secret import ask_secret, secret_of_group
from ruban.cli.places import open_place
from ruban.cli.terminal import Terminal
from ruban.cli.verify import audit_with_progress
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.record.member import own_row


@command(
    "row",
    help=_(
        "Look in BUNDLE whether your row stands on the list of those enrolled and bears what you agreed to. Needs no "
        "network for a file: whoever sees what you do learns that you have enrolled."
    ),
)
@click.argument("bundle")
@click.option("--secret", metavar="FILE", help=_("The file with your secret."))
@click.option("--words", is_flag=True, help=_("Ask for your 24 words instead; they are not shown."))
@click.option("--name", metavar="NAME", help=_("Also check that your row is bound to this name."))
@click.option("--role", metavar="ROLE", help=_("The role that you enrolled with, if your group has roles."))
@click.pass_obj
def row(
    terminal: Terminal, bundle: str, secret: str | None, words: bool, name: str | None, role: str | None
) -> int | None:
    """Exit code 1 if it does not stand there, bears anything else, or the record does not hold."""
    held = ask_secret(terminal, secret, words)
    verdict, state = audit_with_progress(terminal, open_place(bundle))
    found = own_row(state, secret_of_group(held, state), name, role)
    terminal.say("Your row stands on the list of those enrolled, and bears what your secret says that it must.")
    if found.role is not None:
        terminal.say(Message("  role, for all to see: {role}", role=found.role))
    if name is not None:
        terminal.say(Message("  name, for nobody to see unless you sign with it: {name}", name=name))
    if not found.fixed:
        terminal.say("  It is not part of a signing time yet: the next one takes it in.")
    if not verdict.holds:
        terminal.warn("other things in this record do not hold: ruban verify shows them")
    terminal.emit_json({"role": found.role, "way": found.way, "fixed": found.fixed, "record_holds": verdict.holds})
    return None if verdict.holds else DOES_NOT_HOLD
