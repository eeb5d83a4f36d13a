"""docs/cli.md knows every command and every option, and none that is gone."""

from __future__ import annotations

import re

import click
import pytest

from ruban.cli.main import COMMANDS, ruban
from tests.house.source import ROOT

DOCUMENT = (ROOT / "docs" / "cli.md").read_text("utf-8")
EVERYWHERE = {"--json", "--lang", "--help"}


def _section(name: str) -> str:
    found = re.search(rf"^## ruban {name} .*?(?=^## |\Z)", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    assert found, name
    return found[0]


def _command(name: str) -> click.Command:
    found = ruban.get_command(click.Context(ruban), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
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


@pytest.mark.parametrize("name", COMMANDS)
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
    for name in COMMANDS:
        for parameter in _command(name).params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert str(parameter.help).endswith("."), (name, parameter.opts)
