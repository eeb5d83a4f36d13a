"""The end of the demonstration: the server over what it made, with the addresses that a visitor needs."""

from __future__ import annotations

import socket
from pathlib import Path

from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.manage.serve import run_granian
from ruban.web.composition import set_up_django
from ruban.web.configuration import Configuration


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serve_demo(terminal: Terminal, out: Path, port: int, letter_id: bytes, code: str) -> None:
    """Serve until interrupted; says first where the letter is, an unused code, and the organiser's link."""
    # A host name rather than a number: browsers keep passkeys for names alone.
    configuration = Configuration(data=out, port=port or free_port())
    set_up_django(configuration)
    from ruban.web.access import page_for_letter
    from ruban.web.organiser.links import new_link

    page = page_for_letter(letter_id)
    page.announced = page.public = True
    page.save()
    site, group = configuration.public_address, "/demo"
    terminal.say(
        Message("The letter is open at {address}", address=f"{site}{group}/letters/{page.token}/"),
        Message("To enrol and sign as somebody who has not: {address}", address=f"{site}{group}/enrol/#{code}"),
        Message("To sign in as its organiser, once: {address}", address=site + new_link(organiser=0)),
        Message(
            "Stop with Ctrl+C; to start again: ruban serve --data {folder} --port {port}",
            folder=str(out),
            port=configuration.port,
        ),
    )
    run_granian(configuration)
