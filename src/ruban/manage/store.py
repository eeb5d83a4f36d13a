"""`ruban store`: where a group's record lies, and how it gets elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.db import connections

from ruban.audit.fetch import Source
from ruban.audit.verify import audit
from ruban.cli.command import group
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option
from ruban.service.move_store import move_store
from ruban.service.open_group import group_folder
from ruban.store.move import COLUMNS
from ruban.store.place import DEFAULT_SCHEMA, Database, database_of
from ruban.web.composition import set_up_django
from ruban.web.configuration import load_configuration
from ruban.web.private_tables import PRIVATE_DATABASE, copy_to, discard, has_tables, in_database, in_file, make_schema

FOLDER = "folder"
SCHEMA_HELP = _("Schema of that database, which holds this record alone.")
STEPS = len(COLUMNS) + 2


@group("store", help=_("Say where the record lies, or move it."))
def store() -> None:
    """See the help text above."""


@store.command("show", help=_("Say where the record lies."))
@data_option
@click.pass_obj
def show(terminal: Terminal, data: Path) -> None:
    folder = group_folder(data)
    database = database_of(folder)
    if database is None:
        terminal.say(Message("The record lies in {folder}.", folder=str(folder)))
    else:
        terminal.say(
            Message("The record lies in schema {schema} of a PostgreSQL database.", schema=database.schema),
            Message("Its keys lie in {folder}.", folder=str(folder / "keys")),
        )
    terminal.emit_json({"folder": str(folder), "schema": None if database is None else database.schema})


@store.command(
    "move",
    help=_("Move the record into a PostgreSQL database, or back into the folder; stop the server first."),
)
@click.option(
    "--to",
    "target",
    required=True,
    help=_("postgresql://USER@HOST/DATABASE (the password in ~/.pgpass), or “folder”."),
)
@click.option("--schema", default=DEFAULT_SCHEMA, show_default=True, help=SCHEMA_HELP)
@data_option
@click.pass_obj
def move(terminal: Terminal, target: str, schema: str, data: Path) -> None:
    folder = group_folder(data)
    database = None if target == FOLDER else Database(target, schema)
    before = database_of(folder)
    with terminal.progress(Message("Moving the record"), STEPS) as bar, _private_tables(data, before, database):
        moved = move_store(folder, database, _recount, lambda _: bar.advance(1))
    terminal.say(
        Message(
            "{n:,} entries and {pending:,} that wait are in their new place; a recount says the same there as before.",
            n=moved.entries,
            pending=moved.pending,
        ),
        Message(
            "The old record lies set aside in {aside}, with what was erased later still in it: delete it soon.",
            aside=moved.aside,
        ),
    )
    terminal.emit_json({"entries": moved.entries, "pending": moved.pending, "aside": moved.aside})


@contextmanager
def _private_tables(data: Path, before: Database | None, to: Database | None) -> Iterator[None]:
    """Organisers' tables go with the record: copied before it moves, and deleted where they were once it has.

    A copy that is left by a move that was cut short is written over by the next.
    """
    if before == to or not has_tables(data, before):
        yield
        return
    set_up_django(load_configuration(os.environ, data=data))
    if to is not None:
        make_schema(to)
    discarded = to
    try:
        copy_to(in_file(data / PRIVATE_DATABASE) if to is None else in_database(to))
        yield
        discarded = before
    finally:
        connections.close_all()
        discard(data, discarded)


def _recount(record: Source) -> object:
    """The verdict of a whole audit, without the time that it took."""
    verdict = audit(record)[0].as_json()
    verdict["proofs"].pop("seconds")
    return verdict
