"""`ruban roll attester`, `attested`, `settle`: what others say of the roll, and the organisers' answer to it."""

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
from ruban.service.dispute import ID_BYTES, settle_dispute


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


@command("settle", help=_("Settle a dispute about a used code: without ID, list those that are open."))
@click.argument("dispute", metavar="ID", default="")
@click.option("--reason", default="", help=_("How it was settled: everybody reads this."))
@signers_option
@data_option
@click.pass_obj
def settle(terminal: Terminal, dispute: str, reason: str, places: tuple[int, ...], data: Path) -> None:
    with keeper_in(data) as keeper:
        if dispute:
            try:
                key = parse_hex("ID", dispute, ID_BYTES)
            except FormatError as wrong:
                raise WrongUse(Message("ID: expected {expected}", expected=wrong.expected)) from None
            settle_dispute(keeper, key, reason, now(), by=signers(places))
        still = [(one.key.hex(), one.at) for one in keeper.state.disputes.values() if one.settled is None]
    terminal.table([_("dispute"), _("said by")], [[key, terminal.instant(at)] for key, at in still])
    terminal.say(terminal.ngettext("{n:,} dispute is open", "{n:,} disputes are open", len(still)))
    terminal.emit_json({"open": [{"id": key, "at": at} for key, at in still]})


OF_OTHERS = (attester, attested, settle)
"""Added to `ruban roll`."""
