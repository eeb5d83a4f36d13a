"""`ruban roll attester` and `ruban roll attested`: a second party is named, and what it signed goes into the record."""

from __future__ import annotations

from pathlib import Path

import click

from ruban.cli.boundary import WrongUse
from ruban.cli.command import command
from ruban.cli.places import read_file
from ruban.cli.terminal import Terminal
from ruban.errors import FormatError, Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option, keeper_in, now, signers, signers_option
from ruban.primitives.encoding import parse_hex
from ruban.record.submission import MAX_SUBMISSION_BYTES
from ruban.service.attest import name_attester, take_attestation


@command(
    "attester",
    help=_("Name a second party, by the KEY that it gave you: it may attest the roll. This cannot be taken back."),
)
@click.argument("key")
@click.option("--name", required=True, help=_("Who holds the key, as readers shall see it."))
@signers_option
@data_option
@click.pass_obj
def attester(terminal: Terminal, key: str, name: str, places: tuple[int, ...], data: Path) -> None:
    try:
        public = parse_hex("key", key, 32)
    except FormatError as wrong:
        raise WrongUse(Message("KEY: expected {expected}", expected=wrong.expected)) from None
    with keeper_in(data) as keeper:
        name_attester(keeper, public, name, now(), by=signers(places))
        used = keeper.store.spent_count()
    terminal.say(
        Message("{name} may now attest the roll. Its signature is by the key {key}.", name=name, key=key),
        Message("Give it the list of those invited, and this number of invitations used: {n:,}", n=used),
    )
    terminal.emit_json({"key": key, "name": name, "spent": used})


@command("attested", help=_("Put into the record what a second party has signed: the FILE that it gave you."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@click.pass_obj
def attested(terminal: Terminal, file: Path, data: Path) -> None:
    with keeper_in(data) as keeper:
        take_attestation(keeper, read_file(str(file), MAX_SUBMISSION_BYTES), now())
        said = keeper.state.attestations[-1]
    terminal.say(
        Message(
            "In the record: {rows:,} enrolled; {found:,} of {invited:,} invited found on a list of {entitled:,}.",
            rows=said.rows,
            found=said.found,
            invited=said.invited,
            entitled=said.entitled,
        )
    )
    terminal.emit_json({"rows": said.rows, "found": said.found, "invited": said.invited, "entitled": said.entitled})


SECOND_PARTY = (attester, attested)
"""Added to `ruban roll`."""
