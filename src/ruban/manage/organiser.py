"""`ruban organiser`: a sign-in link for whoever runs the server, or has lost every other way in."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ruban.cli.command import group as command_group
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option
from ruban.web.composition import set_up_django
from ruban.web.configuration import load_configuration


@command_group("organiser", help=_("Let organisers in."))
def organiser() -> None:
    """See the help text above."""


@organiser.command("link", help=_("Make a link that signs an organiser in once, within a day."))
@data_option
@click.option("--port", type=click.IntRange(1, 65_535), default=None, help=_("Port that the server listens on."))
@click.option("--address", default=None, help=_("Public address, such as https://letters.example.org."))
@click.option(
    "--place", type=click.IntRange(1, 16), default=1, help=_("Which of the group's organisers: 1 is the first.")
)
@click.pass_obj
def link(terminal: Terminal, data: Path, port: int | None, address: str | None, place: int) -> None:
    configuration = load_configuration(os.environ, data=data, port=port, address=address)
    set_up_django(configuration)
    from ruban.web.organiser.links import new_link

    made = configuration.public_address + new_link(organiser=place - 1)
    terminal.say(Message("Opens the organisers' pages once, within a day: {address}", address=made))
    terminal.emit_json({"link": made})
