"""The settings: file, environment, bounds; and that their document names each."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ruban.errors import FormatError
from ruban.web.configuration import FILE, Configuration, environment_of, load_configuration
from tests.house.source import ROOT

DOCUMENT = (ROOT / "docs" / "operate" / "settings.md").read_text("utf-8")


def test_the_document_explains_each_setting_with_its_default() -> None:
    written = dict(re.findall(r"^\| `(\w+)` \|(?: `([^`]*)`)? *\|", DOCUMENT, re.MULTILINE))
    shown = {f.name: str(getattr(Configuration(), f.name)) for f in fields(Configuration)}
    assert written == {name: value.lower() if value in ("True", "False") else value for name, value in shown.items()}


def test_the_documents_example_is_one(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / FILE).write_text(example, "utf-8")
    assert load_configuration({"RUBAN_DATA": str(tmp_path)}).time_zone == "Europe/Paris"


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('port = 1\nlanguage = "fr"\nthreads = 2\n', "utf-8")
    environ = {"RUBAN_DATA": str(tmp_path), "RUBAN_PORT": "2", "RUBAN_LANGUAGE": "en"}
    found = load_configuration(environ, port=3)
    assert (found.port, found.language, found.threads) == (3, "en", 2)


@pytest.mark.parametrize(
    "line",
    [
        "ports = 1",
        'data = "x"',
        "port = 0",
        "port = 65536",
        'port = "80"',
        "threads = true",
        'language = "de"',
        'time_zone = "Europe/Atlantis"',
        'time_zone = "../etc/passwd"',
        'mail_security = "ssl"',
        'address = "https://letters.example.org/"',
        'address = "ftp://letters.example.org"',
        "port = ",
    ],
)
def test_a_setting_that_is_none_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(line, "utf-8")
    with pytest.raises(FormatError):
        load_configuration({"RUBAN_DATA": str(tmp_path)})


@pytest.mark.parametrize(
    ("name", "value"), [("RUBAN_PORT", "-1"), ("RUBAN_PORT", "8e3"), ("RUBAN_TRUST_FORWARDED", "1")]
)
def test_an_environment_that_says_nothing_sensible_is_refused(name: str, value: str) -> None:
    with pytest.raises(FormatError):
        load_configuration({name: value})


def test_another_process_loads_the_same(tmp_path: Path) -> None:
    made = Configuration(data=tmp_path, port=9, trust_forwarded=True, mail_from="a@b.example", time_zone="Europe/Paris")
    assert load_configuration(environment_of(made)) == made
