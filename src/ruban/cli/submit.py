"""`ruban submit`: carry a signature to where it is recorded, and bring back the promise that it will be."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ruban.cli.boundary import WrongUse
from ruban.cli.command import command
from ruban.cli.deliver import deliver
from ruban.cli.places import SUBMITTERS, is_address, is_data_folder, read_file, refuse_to_overwrite, server_part
from ruban.cli.terminal import Terminal
from ruban.durable import write_durably
from ruban.errors import FormatError, Message
from ruban.errors import Message as _
from ruban.log.merkle import leaf_hash
from ruban.log.note import parse_note
from ruban.log.receipt import Promise, parse_promise
from ruban.record.entry import parse_entry
from ruban.record.kinds import MEMBER_KINDS
from ruban.record.submission import MAX_SUBMISSION_BYTES, Submission, parse_submission


@command(
    "submit",
    help=_(
        "Submit the text in FILE (- for standard input) that ruban sign made, by you or by anybody. "
        "Prints the promise that it will be recorded; keep that until it is."
    ),
)
@click.argument("file")
@click.option("--to", required=True, metavar="PLACE", help=_("The record's address, or a server's data folder."))
@click.option("--out", metavar="FILE", help=_("Write the promise there rather than print it."))
@click.option("--force", is_flag=True, help=_("Replace the file if it is there."))
@click.pass_obj
def submit(terminal: Terminal, file: str, to: str, out: str | None, force: bool) -> None:
    """Exit code 0 once the promise is here."""
    if out is not None:
        refuse_to_overwrite(out, force)
    submission = parse_submission(_read(file))
    kind = parse_entry(submission.leaf).kind
    if kind not in MEMBER_KINDS:
        raise FormatError("submission", Message("what a member sends"), Message("an entry of kind {kind}", kind=kind))
    if is_address(to):
        with terminal.progress(Message("waiting for {place}", place=to)):
            note = deliver(to, submission)
    elif is_data_folder(to):
        note = bytes(server_part(SUBMITTERS, to)(Path(to), submission))
    else:
        raise WrongUse(
            Message("{place} is neither an address nor a server's data folder.", place=to),
            hint=Message("An address begins with http:// or https://."),
        )
    promise = _about(note, submission)
    when = terminal.instant(promise.due_unix_seconds)
    terminal.note(
        Message("Received by {origin}; it will be recorded by {when}.", origin=promise.origin, when=when),
        "Keep the promise until you have seen it recorded, then delete it: it shows that its holder has signed.",
    )
    if out is None:
        terminal.emit_text(note.decode("utf-8"))
    else:
        write_durably(Path(out), note)
        terminal.say(Message("written to {path}", path=out))
    terminal.emit_json(
        {
            "origin": promise.origin,
            "leaf_hash": promise.leaf_hash.hex(),
            "due": promise.due_unix_seconds,
            "promise": note.decode("utf-8"),
            "out": out,
        }
    )


def _read(file: str) -> bytes:
    if file != "-":
        return read_file(file, MAX_SUBMISSION_BYTES + 1)
    return sys.stdin.buffer.read(MAX_SUBMISSION_BYTES + 2)


def _about(note: bytes, submission: Submission) -> Promise:
    """The promise in `note`; FormatError unless it is about this very submission."""
    promise = parse_promise(parse_note(note).text)
    if promise.leaf_hash != leaf_hash(submission.leaf):
        raise FormatError("promise", Message("one for what was submitted"), Message("one for something else"))
    return promise
