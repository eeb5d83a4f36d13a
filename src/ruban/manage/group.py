"""`ruban group`: open a group, see how it stands, correct how many are entitled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from ruban.cli.command import group as command_group
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option, keeper_in, now, signers, signers_option
from ruban.manage.store import SCHEMA_HELP
from ruban.service.correct_electorate import correct_electorate
from ruban.service.open_group import DEFAULT_SLOTS, DEFAULT_WINDOW_SECONDS, NewGroup, open_group
from ruban.store.place import DEFAULT_SCHEMA, Database


@command_group("group", help=_("Open a group, see how it stands, correct its size."))
def group() -> None:
    """See the help text above."""


@group.command("open", help=_("Open a group: make its keys and begin its public record."))
@data_option
@click.option("--origin", required=True, help=_("Public name of the record: its address without https://."))
@click.option("--title", required=True, help=_("Name of the group."))
@click.option("--organiser", "organisers", multiple=True, required=True, help=_("Name of an organiser; repeat it."))
@click.option("--quorum", type=click.IntRange(1), default=1, help=_("Organisers who must sign what opens a letter."))
@click.option("--entitled", type=click.IntRange(1), required=True, help=_("How many people may sign."))
@click.option("--source", required=True, help=_("Where that number comes from."))
@click.option("--as-of", default=None, help=_("The day it was true, as 2026-11-22; today by default."))
@click.option("--slots", type=int, default=DEFAULT_SLOTS, help=_("Letters and questions the roll can serve."))
@click.option("--window", type=int, default=DEFAULT_WINDOW_SECONDS, help=_("Seconds between releases."))
@click.option("--role", "roles", multiple=True, help=_("A public role that rows may bear; repeat it."))
@click.option(
    "--database",
    default=None,
    envvar="RUBAN_DATABASE",
    help=_("Keep the record in PostgreSQL: postgresql://USER@HOST/DATABASE (the password in ~/.pgpass)."),
)
@click.option("--schema", default=DEFAULT_SCHEMA, show_default=True, help=SCHEMA_HELP)
@click.option("--rehearsal", is_flag=True, help=_("A rehearsal: never counted, to be deleted afterwards."))
@click.pass_obj
def open_(
    terminal: Terminal,
    data: Path,
    origin: str,
    title: str,
    organisers: tuple[str, ...],
    quorum: int,
    entitled: int,
    source: str,
    as_of: str | None,
    slots: int,
    window: int,
    roles: tuple[str, ...],
    database: str | None,
    schema: str,
    rehearsal: bool,
) -> None:
    new = NewGroup(
        origin=origin,
        title=title,
        organisers=organisers,
        electorate=entitled,
        electorate_date=as_of or _today(),
        electorate_source=source,
        quorum=quorum,
        slots=slots,
        window=window,
        roles=roles,
        rehearsal=rehearsal,
    )
    keeper = open_group(data, new, now(), None if database is None else Database(database, schema))
    try:
        roll_id = keeper.state.opened.roll_id.hex()
    finally:
        keeper.close()
    terminal.say(
        Message("The group is open in {folder}.", folder=str(data)),
        Message(
            "Its keys lie in {folder}: keep a copy of that folder where nobody else can read it.",
            folder=str(data / "keys"),
        ),
        Message("Next: ruban roll preview PEOPLE.csv"),
    )
    terminal.emit_json({"folder": str(data), "roll": roll_id, "origin": origin})


@group.command("electorate", help=_("Correct how many people are entitled, from now on."))
@click.option("--entitled", type=click.IntRange(1), required=True, help=_("How many people may sign."))
@click.option("--source", required=True, help=_("Where that number comes from."))
@click.option("--as-of", default=None, help=_("The day it was true, as 2026-11-22; today by default."))
@signers_option
@data_option
@click.pass_obj
def electorate(
    terminal: Terminal, entitled: int, source: str, as_of: str | None, places: tuple[int, ...], data: Path
) -> None:
    with keeper_in(data) as keeper:
        before = keeper.state.opened.electorate
        correct_electorate(keeper, entitled, as_of or _today(), source, now(), by=signers(places))
        date = keeper.state.opened.electorate_date
    terminal.say(
        Message(
            "From now on {after:,} are entitled, not {before:,}; both stay in the record.",
            after=entitled,
            before=before,
        ),
    )
    terminal.emit_json({"entitled": entitled, "before": before, "date": date})


def _today() -> str:
    return datetime.fromtimestamp(now(), UTC).strftime("%Y-%m-%d")


@group.command("show", help=_("Say how the group stands."))
@data_option
@click.pass_obj
def show(terminal: Terminal, data: Path) -> None:
    with keeper_in(data) as keeper:
        state = keeper.state
        opened = state.opened
        invited, used = keeper.desk.invitation_counts()
        waiting = len(keeper.store.pending())
        counts = {
            "origin": opened.origin,
            "roll": opened.roll_id.hex(),
            "log_key": opened.log_key.hex(),
            "entitled": opened.electorate,
            "invited": invited,
            "codes_used": used,
            "enrolled": len(state.roll.rows),
            "letters": len(state.letters),
            "entries": state.size,
            "waiting": waiting,
        }
    terminal.say(
        Message("{invited:,} invited, {enrolled:,} enrolled, of {entitled:,} entitled", **counts),
        Message("{letters:,} letters, {entries:,} entries in the record, {waiting:,} waiting for release", **counts),
        Message("log key {log_key}", **counts),
    )
    terminal.emit_json(counts)
