"""`ruban key`: the verifier key of a record, as witnesses and policies want it."""

from __future__ import annotations

import click

from ruban.cli.command import command
from ruban.cli.places import open_place
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.log.checkpoint import open_checkpoint
from ruban.log.note import VerifierKey, encode_vkey
from ruban.published import CHECKPOINT, MAX_CHECKPOINT_BYTES, MAX_SETTINGS_BYTES, SETTINGS, parse_settings


@command(
    "key",
    help=_(
        "Print the verifier key of the record at SOURCE (an address, a folder, a zip, or a server's data folder), as"
        " witnesses want it. Compare it with one from elsewhere: the record vouches for its own key."
    ),
)
@click.argument("source")
@click.pass_obj
def key(terminal: Terminal, source: str) -> None:
    """Exit code 0 if the record's checkpoint is signed by the key."""
    place = open_place(source)
    settings = parse_settings(place.read(SETTINGS, MAX_SETTINGS_BYTES))
    open_checkpoint(place.read(CHECKPOINT, MAX_CHECKPOINT_BYTES), settings.origin, settings.log_key)
    vkey = encode_vkey(VerifierKey(name=settings.origin, public=settings.log_key))
    terminal.say(Message("{key}", key=vkey))
    terminal.emit_json({"key": vkey, "origin": settings.origin, "log_key": settings.log_key.hex()})
