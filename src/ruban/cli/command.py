"""How a command of `ruban` is declared: `@command` and `@group` add --json, --lang and --help, in two languages.

Help texts are written as `_("…")` (that is `ruban.errors.Message`), so that they are collected for translation, and are
said in the reader's language when they are shown.
"""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from ruban.cli.boundary import (
    DOES_NOT_HOLD,
    HOLDS,
    INTERRUPTED,
    WRONG_USE,
    WrongUse,
    error_as_json,
    hint_of,
    os_error_as_json,
    usage_error_as_json,
)
from ruban.cli.speech import click_speaks, wanted_language
from ruban.cli.terminal import Terminal
from ruban.errors import Message, RubanError
from ruban.errors import Message as _
from ruban.language import LANGUAGES, say_error

__all__ = ["RubanCommand", "RubanGroup", "command", "group", "run"]


def _show_help(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help())
        context.exit()


def _common_options(with_json: bool) -> list[click.Parameter]:
    # `main` has read both before click parses anything, since errors of parsing are to obey them too.
    options: list[click.Parameter] = [
        click.Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            help=_("Language of what is printed; otherwise that of your environment."),
        ),
        click.Option(
            ["--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            help=_("Show this and stop."),
        ),
    ]
    if with_json:
        shown = _("Print one JSON object instead of sentences.")
        options.insert(0, click.Option(["--json"], is_flag=True, expose_value=False, help=shown))
    return options


def _terminal(context: click.Context) -> Terminal:
    found = context.find_object(Terminal)
    return Terminal.of_process(wanted_language([], os.environ), json=False) if found is None else found


class _Spoken(click.Command):
    """A command whose help is said in the reader's language."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        terminal = _terminal(ctx)

        def said(text: str | None) -> str | None:
            return text and terminal.text(Message(text))

        shown = copy.copy(self)
        shown.help = said(self.help)
        shown.params = [copy.copy(parameter) for parameter in self.params]
        for parameter in shown.params:
            if isinstance(parameter, click.Option):
                parameter.help = said(parameter.help)
        super(_Spoken, shown).format_help(ctx, formatter)

    def spoken_short_help(self, terminal: Terminal) -> str:
        """The first sentence of the help."""
        return terminal.text(Message(self.short_help or self.help or "")).partition(". ")[0].rstrip(".")


class RubanCommand(_Spoken):
    """One command. It returns its exit code, or None for 0."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        attributes["add_help_option"] = False
        super().__init__(name, **attributes)
        self.params += _common_options(with_json=True)


class RubanGroup(_Spoken, click.Group):
    """Several commands under one name; the outermost one is also the boundary where errors end."""

    command_class = RubanCommand

    def __init__(self, name: str | None = None, **attributes: Any) -> None:
        attributes["add_help_option"] = False
        super().__init__(name, **attributes)
        self.params += _common_options(with_json=False)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        terminal = _terminal(ctx)
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, each.spoken_short_help(terminal)) for name, each in found if isinstance(each, _Spoken)]
        if rows:
            with formatter.section(terminal.text("Commands")):
                formatter.write_dl(rows)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]  # it always ends the process
        """Run the command line `args` (those of the process by default) and end the process with its exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        language = wanted_language(arguments, os.environ)
        ours = arguments[: arguments.index("--")] if "--" in arguments else arguments
        terminal = Terminal.of_process(language, json="--json" in ours)
        with click_speaks(language):
            sys.exit(run(terminal, lambda: super(RubanGroup, self).main(arguments, prog_name, obj=terminal, **extra)))


RubanGroup.group_class = RubanGroup


def command(name: str, *, help: str, **attributes: Any) -> Callable[[Callable[..., int | None]], RubanCommand]:
    """Declare a command; under it click's own decorators for options, arguments and `pass_obj` (the Terminal)."""
    return click.command(name, cls=RubanCommand, help=help, **attributes)


def group(name: str, *, help: str, **attributes: Any) -> Callable[[Callable[..., None]], RubanGroup]:
    """Declare a group of commands; `@it.command("…", help=_("…"))` adds one."""
    return click.group(name, cls=RubanGroup, help=help, **attributes)


def run(terminal: Terminal, call: Callable[[], int | None]) -> int:
    """Call, and return the exit code: what the call returned, or that of the error, which is said first."""
    try:
        code = call()
        sys.stdout.flush()
    except RubanError as error:
        terminal.emit_json(error_as_json(error))
        _tell(terminal, say_error(terminal.language, error), hint_of(error))
        return DOES_NOT_HOLD
    except click.Abort:
        terminal.emit_json({"error": "Interrupted", "field": None, "expected": None, "got": None, "hint": None})
        terminal.note(Message("interrupted"))
        return INTERRUPTED
    except click.ClickException as error:
        return _wrong_use(terminal, error)
    except OSError as error:
        terminal.emit_json(os_error_as_json(error))
        what = Message("{reason}", reason=error.strerror or type(error).__name__)
        where = Message("{path}: {what}", path=os.fsdecode(error.filename), what=what) if error.filename else what
        _tell(terminal, where, Message("Check that the path exists, that you may use it, and that there is room."))
        return DOES_NOT_HOLD
    return HOLDS if code is None else code


def _wrong_use(terminal: Terminal, error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    path = "ruban" if context is None else context.command_path
    if type(error).__name__ == "NoArgsIsHelpError":
        # A group named without a command is a question, and its help the answer; but nothing was done.
        terminal.note(*error.format_message().split("\n"))
        return WRONG_USE
    terminal.emit_json(usage_error_as_json(error, path))
    hint: str = Message("{command} --help says how to use it.", command=path)
    near: list[str] | None = getattr(error, "possibilities", None)
    if near:
        hint = Message("Did you mean {options}?", options=", ".join(near))
    if isinstance(error, WrongUse):
        _tell(terminal, error.sentence, error.hint or hint)
    else:
        said = error.message if near else error.format_message()
        _tell(terminal, Message("{what}", what=said), hint)
    return WRONG_USE


def _tell(terminal: Terminal, what: str, hint: str | None) -> None:
    terminal.note(Message("error: {what}", what=what), style="bold red")
    if hint is not None:
        terminal.note(Message("hint: {hint}", hint=hint))
