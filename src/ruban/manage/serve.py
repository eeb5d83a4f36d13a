"""`ruban serve`: the pages of a group, until it is stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option
from ruban.web.composition import set_up_django
from ruban.web.configuration import Configuration, load_configuration


@command("serve", help=_("Run the server: pages for readers, members and organisers."))
@data_option
@click.option("--host", default=None, help=_("Address to listen on; 127.0.0.1 by default."))
@click.option("--port", type=click.IntRange(1, 65_535), default=None, help=_("Port to listen on; 8000 by default."))
@click.option("--address", default=None, help=_("Public address, such as https://letters.example.org."))
@click.option(
    "--no-link",
    is_flag=True,
    help=_("Print no link to sign in with: where output is kept, whoever reads it could use it."),
)
@click.pass_obj
def serve(
    terminal: Terminal, data: Path, host: str | None, port: int | None, address: str | None, no_link: bool
) -> int:
    configuration = load_configuration(os.environ, data=data, host=host, port=port, address=address)
    return run_server(terminal, configuration, link=not no_link)


def run_server(terminal: Terminal, configuration: Configuration, *, link: bool = True) -> int:
    """Serve until interrupted; says where first. One process, since SQLite keeps the record."""
    set_up_django(configuration)
    from ruban.web.organiser.links import first_link

    terminal.say(Message("Serving {address}. Stop with Ctrl+C.", address=configuration.public_address))
    if link and (path := first_link()) is not None:
        made = configuration.public_address + path
        terminal.say(Message("To sign in as its organiser, once: {address}", address=made))
    run_granian(configuration)
    return 0


def run_granian(configuration: Configuration) -> None:
    """Serve the pages; blocks until the process is told to stop, and lets what is under way finish."""
    serve_application("ruban.web.composition:application", configuration.host, configuration.port)


def serve_application(factory: str, host: str, port: int) -> None:
    """Serve what a factory makes, in one process; blocks until it is told to stop."""
    from granian.constants import Interfaces
    from granian.server import Server

    options: dict[str, Any] = {
        "address": host,
        "port": port,
        "interface": Interfaces.ASGI,
        "factory": True,
        "workers": 1,
        "log_enabled": True,
        "log_access": False,
        "backlog": 2048,
        "websockets": False,
        # Longer than any batch takes; what is acknowledged is durable in any case.
        "workers_kill_timeout": 30,
    }
    Server(factory, **options).serve()
