"""docs/cli.md knows every command and every option, and none that is gone."""

from __future__ import annotations

import re

import click
import pytest

from ruban.cli.main import COMMANDS, ruban
from tests.house.source import ROOT

DOCUMENT = (ROOT / "docs" / "cli.md").read_text("utf-8")
EVERYWHERE = {"--json", "--lang", "--help"}


def _names() -> list[str]:
    """Each command, and those that stand under another."""
    found = []
    for name in COMMANDS:
        command = _command(name)
        found += [f"{name} {one}" for one in command.commands] if isinstance(command, click.Group) else [name]
    return found


def _section(name: str) -> str:
    found = re.search(rf"^## ruban {name} .*?(?=^## |\Z)", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    assert found, name
    return found[0]


def _command(name: str) -> click.Command:
    first, _space, rest = name.partition(" ")
    found = ruban.get_command(click.Context(ruban), first)
    assert found is not None
    return found.commands[rest] if rest and isinstance(found, click.Group) else found


@pytest.mark.parametrize("name", _names())
def test_each_option_of_a_command_is_documented_and_no_other(name: str) -> None:
    options = {
        text
        for parameter in _command(name).params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for text in parameter.opts
    }
    documented = set(re.findall(r"^\| `(--[a-z-]+)", _section(name), flags=re.MULTILINE))
    assert options >= EVERYWHERE
    assert options - EVERYWHERE == documented


@pytest.mark.parametrize("name", _names())
def test_each_argument_of_a_command_is_in_its_heading_and_its_help(name: str) -> None:
    for parameter in _command(name).params:
        if isinstance(parameter, click.Argument):
            shown = (parameter.metavar or parameter.human_readable_name).replace("...", "")
            assert shown in _section(name).partition("\n")[0]
            assert shown in str(_command(name).help)


def test_what_holds_for_every_command_is_said_once() -> None:
    for option in EVERYWHERE:
        assert option in DOCUMENT.partition("## ruban")[0]
    for code in ("0", "1", "2", "130"):
        assert f"\n| {code} | " in DOCUMENT


def test_every_option_has_a_help_text_and_it_ends_like_a_sentence() -> None:
    for name in _names():
        for parameter in _command(name).params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert str(parameter.help).endswith("."), (name, parameter.opts)
