"""`ruban`: the group of all commands. The auditor's and signer's are here, the server's come from entry points.

A command is imported when it is called. Those of the server need more than `pip install ruban` brings; where that is
missing, calling one says what to install.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points, version

import click

from ruban.cli.boundary import WrongUse
from ruban.cli.command import RubanCommand, RubanGroup
from ruban.errors import Message
from ruban.errors import Message as _

COMMAND_POINTS = "ruban.commands"
INSTALL_SERVER = "pip install 'ruban[server]'"
COMMANDS = {
    "verify": "ruban.cli.verify:verify",
    "bundle": "ruban.cli.bundle:bundle",
    "receipt": "ruban.cli.receipt:receipt",
    "key": "ruban.cli.key:key",
    "sign": "ruban.cli.sign:sign",
    "submit": "ruban.cli.submit:submit",
    "row": "ruban.cli.row:row",
    "attest": "ruban.cli.attest:attest",
    "vectors": "ruban.cli.vectors:vectors",
}
# Named even where an old installation's metadata does not know them.
SERVER_COMMANDS = ("group", "roll", "letter", "release", "demo")


def server_missing(name: str) -> WrongUse:
    """What to say when `name` is asked for and the server's part is not installed."""
    return WrongUse(
        Message("{name} belongs to the server's part of Ruban, which is not installed.", name=name),
        hint=Message("{command} installs it.", command=INSTALL_SERVER),
    )


class Commands(RubanGroup):
    """The outermost group: finds a command by name and imports it only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *sorted({*_points(), *SERVER_COMMANDS} - set(COMMANDS))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, _colon, name = COMMANDS[cmd_name].partition(":")
            own: click.Command = getattr(import_module(module), name)
            return own
        point = _points().get(cmd_name)
        if point is None:
            return _missing(cmd_name) if cmd_name in SERVER_COMMANDS else None
        try:
            loaded: click.Command = point.load()
        except ModuleNotFoundError as absent:
            # A missing module of our own is a fault, and is not to look like a missing extra.
            if absent.name is None or absent.name.partition(".")[0] == "ruban":
                raise
            return _missing(cmd_name)
        return loaded


def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=COMMAND_POINTS)}


def _missing(name: str) -> RubanCommand:
    def refuse() -> int:
        raise server_missing(name)

    command = RubanCommand(
        name,
        callback=refuse,
        help=_("Belongs to the server's part: pip install 'ruban[server]'."),
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    # Not even --help is known here: whatever is asked, the answer is the same.
    command.params.clear()
    return command


def _show_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"ruban {version('ruban')}")
        context.exit()


@click.group(
    cls=Commands,
    name="ruban",
    help=_(
        "Ruban: a bounded group writes to those who decide for it, and is counted in a way that anyone can check. "
        "Exit codes: 0 it holds, 1 it does not or was refused, 2 wrong use."
    ),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help=_("Show the version and stop."),
)
def ruban() -> None:
    """See the help text above."""


def main() -> None:
    """The entry point of the command `ruban`; ends the process."""
    ruban.main(prog_name="ruban")
