"""`ruban doctor`: what is not right with this server, and what to do about it."""


from __future__ import annotations

import click

from ruban.cli.command import command
from ruban.errors import Message as _


@command("doctor", help=_("Say what is not right with this server, and what to do."))
@click.pass_obj
def doctor(terminal: object) -> int:
    return 0
