"""`ruban witness`: cosign the checkpoints of other people's logs, so that nobody can be shown another record."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ruban.cli.command import group
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.log.cosignature import encode_cosigner
from ruban.manage.serve import serve_application
from ruban.service.witness import make_witness, open_witness, watch
from ruban.web.witness import FOLDER

DEFAULT_FOLDER = "ruban-witness"
DEFAULT_PORT = 8100
folder_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_FOLDER,
    show_default=True,
    help=_("The witness's folder."),
)


@group("witness", help=_("Be a witness: cosign the records of others, each only as long as it merely grows."))
def witness() -> None:
    """See the help text above."""


@witness.command("make", help=_("Make a witness's key. NAME is what others know it by, such as union.example/ruban."))
@click.argument("name")
@folder_option
@click.pass_obj
def make(terminal: Terminal, name: str, folder: Path) -> None:
    key = encode_cosigner(make_witness(folder, name))
    terminal.say(
        Message("Give this key to whoever keeps a record that you are to witness:"),
        key,
        Message("Next: ruban witness watch with the key of their record, then ruban witness serve."),
    )
    terminal.emit_json({"key": key})


@witness.command("watch", help=_("Watch one record more. KEY is its verifier key: name+id+key."))
@click.argument("key")
@folder_option
@click.pass_obj
def watch_log(terminal: Terminal, key: str, folder: Path) -> None:
    watch(folder, key)
    terminal.say(Message("It is watched from its next checkpoint on. A witness that runs knows it after a new start."))
    terminal.emit_json({"watched": key})


@witness.command("show", help=_("Say what is watched, and up to where it was cosigned."))
@folder_option
@click.pass_obj
def show(terminal: Terminal, folder: Path) -> None:
    found = open_witness(folder)
    try:
        latest = {origin: found.latest(origin) for origin in sorted(found.logs)}
        key = encode_cosigner(found.key)
    finally:
        found.close()
    sizes = {origin: 0 if one is None else one.size for origin, one in latest.items()}
    terminal.say(key)
    terminal.table([Message("record"), Message("entries")], [[origin, size] for origin, size in sizes.items()])
    terminal.emit_json({"key": key, "logs": sizes})


@witness.command("serve", help=_("Answer those who keep the records, until it is stopped."))
@folder_option
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen on; 127.0.0.1 by default."))
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=DEFAULT_PORT, show_default=True, help=_("Port to listen on.")
)
@click.pass_obj
def serve(terminal: Terminal, folder: Path, host: str, port: int) -> None:
    # Looked at here: a server that does not start says less.
    found = open_witness(folder)
    watched = len(found.logs)
    found.close()
    terminal.say(
        Message("Witnessing {n:,} records at {address}. Stop with Ctrl+C.", n=watched, address=f"http://{host}:{port}")
    )
    os.environ[FOLDER] = str(folder.resolve())
    serve_application("ruban.web.witness:application", host, port)
