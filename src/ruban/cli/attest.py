"""`ruban attest`: a second party compares its own list with that of those invited, and signs what came of it."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ruban.cli.boundary import DOES_NOT_HOLD, WrongUse
from ruban.cli.command import group
from ruban.cli.places import read_file, refuse_to_overwrite
from ruban.cli.terminal import Terminal
from ruban.cli.verify import audit_to_sign
from ruban.durable import write_durably
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.people.file import Preview, preview_people
from ruban.people.rows import Person, normalised_identifier
from ruban.people.table import ENCODINGS, MAX_PEOPLE_BYTES
from ruban.primitives.ed25519 import SEED_BYTES, public_key
from ruban.primitives.encoding import parse_hex
from ruban.primitives.randomness import random_bytes
from ruban.record.attest import Compared, make_attestation
from ruban.record.canonical import encode, parse_canonical
from ruban.record.schema import Hex, Int, Object
from ruban.record.submission import encode_submission

MAX_KEY_FILE_BYTES = 1024
MAX_NAMES_SHOWN = 50
_KEY_FILE = Object({"attester": (Int(1, 1), "version of this file"), "seed": (Hex(SEED_BYTES), "Ed25519 seed")})

_LIST = click.Path(exists=True, dir_okay=False)
encoding_option = click.option("--encoding", type=click.Choice(ENCODINGS), help=_("How the lists are encoded."))


@group("attest", help=_("Attest the roll as a second party: a works council, a union, a notary."))
def attest() -> None:
    """See the help text above."""


@attest.command("new", help=_("Make the key of a second party in FILE, and print the half that everybody may know."))
@click.argument("file")
@click.pass_obj
def new(terminal: Terminal, file: str) -> None:
    refuse_to_overwrite(file, force=False)
    seed = random_bytes(SEED_BYTES)
    write_durably(Path(file), encode({"attester": 1, "seed": seed.hex()}) + b"\n")
    key = public_key(seed).hex()
    terminal.say(Message("{key}", key=key))
    terminal.note(
        "Give this key to the organisers, and publish it where your members find it: they compare it with the record.",
        Message("Keep {file} to yourselves: whoever has it speaks in your name.", file=file),
    )
    terminal.emit_json({"key": key, "file": file})


@attest.command(
    "compare",
    help=_("Compare OWN, your list of the entitled, with INVITED, the organisers' list. Nothing leaves this machine."),
)
@click.argument("own", type=_LIST)
@click.argument("invited", type=_LIST)
@encoding_option
@click.pass_obj
def compare(terminal: Terminal, own: str, invited: str, encoding: str | None) -> int | None:
    """Exit code 1 if somebody is on one list only."""
    mine, theirs = _people(terminal, own, encoding), _people(terminal, invited, encoding)
    known, asked = _identifiers(mine), _identifiers(theirs)
    strangers = [person for identifier, person in asked.items() if identifier not in known]
    forgotten = [person for identifier, person in known.items() if identifier not in asked]
    terminal.say(
        Message(
            "{entitled:,} on your list, {invited:,} invited, {found:,} of these on your list",
            entitled=len(known),
            invited=len(asked),
            found=len(asked) - len(strangers),
        )
    )
    if asked and len(strangers) == len(asked):
        terminal.warn("nobody is on both: perhaps one list names people by e-mail, the other by number")
    _show(terminal, _("invited, and not on your list:"), strangers)
    _show(terminal, _("on your list, and not invited:"), forgotten)
    numbers = {"entitled": len(known), "invited": len(asked), "found": len(asked) - len(strangers)}
    lines = {"not_on_own": [p.line for p in strangers], "not_invited": [p.line for p in forgotten]}
    terminal.emit_json(numbers | lines)
    return DOES_NOT_HOLD if strangers or forgotten else None


def _show(terminal: Terminal, title: str, people: list[Person]) -> None:
    if people:
        shown = people[:MAX_NAMES_SHOWN]
        terminal.say(title, *(Message("  line {line}: {name}", line=one.line, name=one.name) for one in shown))
    if len(people) > MAX_NAMES_SHOWN:
        terminal.say(Message("  … and {n:,} more", n=len(people) - MAX_NAMES_SHOWN))


@attest.command(
    "sign",
    help=_(
        "Sign what you found for the record at SOURCE, which is recounted first. Prints a text for the organisers, who "
        "put it into the record and cannot change it."
    ),
)
@click.argument("source")
@click.option("--key", "key_file", metavar="FILE", required=True, help=_("The file with your key."))
@click.option("--own", metavar="FILE", type=_LIST, help=_("Your list of the entitled."))
@click.option("--invited", metavar="FILE", type=_LIST, help=_("The list of those invited."))
@encoding_option
@click.option(
    "--numbers",
    type=(click.IntRange(1), click.IntRange(0), click.IntRange(0)),
    metavar="ENTITLED INVITED FOUND",
    help=_("The three numbers, where you compared by other means than these lists."),
)
@click.option(
    "--spent",
    type=click.IntRange(0),
    required=True,
    help=_("How many invitations were used, as the organisers tell you: the number only."),
)
@click.option("--method", required=True, help=_("How you compared, in a line that readers see."))
@click.option("--out", metavar="FILE", help=_("Write the text there rather than print it."))
@click.option("--force", is_flag=True, help=_("Replace the file if it is there."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@click.pass_obj
def sign(
    terminal: Terminal,
    source: str,
    key_file: str,
    own: str | None,
    invited: str | None,
    encoding: str | None,
    numbers: tuple[int, int, int] | None,
    spent: int,
    method: str,
    out: str | None,
    force: bool,
    yes: bool,
) -> int | None:
    """Exit code 1 if the answer is no, or the record does not hold."""
    if out is not None:
        refuse_to_overwrite(out, force)
    seed = _seed_in(key_file)
    entitled, asked, found = _numbers(terminal, own, invited, encoding, numbers)
    verdict, state = audit_to_sign(terminal, source)
    date = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%d")
    compared = Compared(entitled=entitled, invited=asked, found=found, spent=spent, method=method, date=date)
    made = make_attestation(state, seed, compared)
    epoch = state.roll.newest_epoch
    terminal.note(
        Message("{group}, {origin}", group=verdict.group or "?", origin=verdict.origin),
        Message(
            "  {rows:,} enrolled, {spent:,} invitations used", rows=0 if epoch is None else epoch.rows, spent=spent
        ),
        Message(
            "  {invited:,} invited, {found:,} of them on your list of {entitled:,}",
            invited=asked,
            found=found,
            entitled=entitled,
        ),
        Message("  how: {method}", method=method),
    )
    if not yes and not terminal.confirm(_("Sign this for everybody to see, for good?")):
        terminal.note("Nothing was signed.")
        return DOES_NOT_HOLD
    text = encode_submission(made) + b"\n"
    if out is None:
        terminal.emit_text(text.decode("utf-8"))
    else:
        write_durably(Path(out), text)
        terminal.say(Message("written to {path}", path=out))
    value: dict[str, Any] = {"entitled": entitled, "invited": asked, "found": found, "spent": spent, "out": out}
    terminal.emit_json(value | {"attestation": text.decode("utf-8")})
    return None


def _numbers(
    terminal: Terminal,
    own: str | None,
    invited: str | None,
    encoding: str | None,
    numbers: tuple[int, int, int] | None,
) -> tuple[int, int, int]:
    """Entitled, invited, found: from both lists, or as they were given."""
    if numbers is not None and own is None and invited is None:
        return numbers
    if own is None or invited is None or numbers is not None:
        raise WrongUse(_("Give both lists, --own and --invited, or --numbers."))
    known = _identifiers(_people(terminal, own, encoding))
    asked = _identifiers(_people(terminal, invited, encoding))
    return len(known), len(asked), sum(identifier in known for identifier in asked)


def _people(terminal: Terminal, path: str, encoding: str | None) -> tuple[Person, ...]:
    """Everybody on a list; FormatError with the place of its first fault."""
    found: Preview = preview_people(read_file(path, MAX_PEOPLE_BYTES), encoding)
    terminal.note(Message("{path}:", path=os.path.basename(path)), *found.assumptions)
    return found.people()


def _identifiers(people: tuple[Person, ...]) -> dict[bytes, Person]:
    """By what tells them apart, as the server normalises it."""
    return {normalised_identifier(person.identifier): person for person in people}


def _seed_in(path: str) -> bytes:
    value = parse_canonical(path, read_file(path, MAX_KEY_FILE_BYTES).removesuffix(b"\n"), MAX_KEY_FILE_BYTES)
    _KEY_FILE.check(path, value)
    return parse_hex("seed", value["seed"], SEED_BYTES)
