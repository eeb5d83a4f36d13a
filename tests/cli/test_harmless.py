"""Strangers' text cannot steer a terminal, forge a line or be read as markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.cli.harmless import MAX_LINE_CHARACTERS, harmless, harmless_message
from ruban.errors import Message
from tests.cli.stage import play, run, zipped

NEVER = {
    chr(n) for n in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, été, 770 €", "plain, été, 770 €"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq data\x1b\\after", "after"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1b(0box", "0box"),
        ("770 signed\rone", "770 signed one"),
        ("To the board\n770 signed, of 770", "To the board 770 signed, of 770"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("abc\x08\x08\x08xyz", "abcxyz"),
        ("\u202e077 fo 017", "077 fo 017"),
        ("a\u2066b\u2069\u200e\u200f\u061cc", "abc"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("क\u200d्ष", "क\u200d्ष"),
        ("[bold red]not markup[/]", "[bold red]not markup[/]"),
        ("\ud800", ""),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_long_line_is_cut_where_it_says_so() -> None:
    assert harmless("a" * MAX_LINE_CHARACTERS) == "a" * MAX_LINE_CHARACTERS
    assert harmless("a" * (MAX_LINE_CHARACTERS + 1)) == "a" * MAX_LINE_CHARACTERS + "…"
    assert len(harmless("\x1b" * 70_000 + "a" * 70_000)) <= MAX_LINE_CHARACTERS + 1


@given(st.text())
def test_nothing_that_controls_is_left_of_any_text(text: str) -> None:
    assert not NEVER & set(harmless(text))


@given(st.text())
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


def test_line_feeds_of_a_template_stay_and_those_of_its_parts_go() -> None:
    message = harmless_message(Message("one\n{title}", title=Message("{inner}", inner="two\nthree\x1b[2J")))
    assert message == "one\ntwo three"


MARKUP = "[bold red]Letter[/] :bomb: \u202e)%2.29( {signed} \u2028770 signed, of 770 enrolled"
CONTROL = "\x1b[2J\x1b]0;owned\x07\n770 signed, of 770 enrolled"


def _with_title(folder: Path, title: str) -> Path:
    scribe, _ = play()
    text = {"lang": "en", "title": title, "text": "…", "addressee": title}
    committed = {key: scribe.opening(value) for key, value in text.items() if key != "lang"}
    letter = scribe.open_letter(texts=[committed | {"lang": "en", "demands": [scribe.opening(title)]}])
    scribe.change(letter, "cancel", scribe.now)
    (folder / "hostile.zip").write_bytes(zipped(scribe.publish()))
    return folder / "hostile.zip"


def test_a_title_full_of_markup_is_only_shown(tmp_path: Path) -> None:
    result = run("verify", _with_title(tmp_path, MARKUP))
    assert not NEVER & set(result.output) - {"\n"}
    assert "\n[bold red]Letter[/] :bomb: )%2.29( {signed} " in result.stdout
    assert "\n770 signed" not in result.stdout


def test_a_title_that_would_steer_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    for language in ("en", "fr"):
        result = run("verify", _with_title(tmp_path, CONTROL), "--lang", language)
        assert not NEVER & set(result.output) - {"\n"}
        assert "\n770 signed" not in result.stdout


@pytest.mark.parametrize("filler", [" ", "\u00a0", "\u3000", "\u2800", "\u3164", " \u200b"])
def test_a_title_cannot_push_a_false_verdict_onto_the_next_line_of_the_screen(tmp_path: Path, filler: str) -> None:
    """A terminal breaks a long line: what follows 80 blanks would look like a line of its own."""
    result = run("verify", _with_title(tmp_path, "To the board" + filler * 80 + "770 signed, of 770 enrolled"))
    assert "\nTo the board 770 signed" in result.stdout
    assert "s   as of" in result.stdout


def test_json_holds_the_title_as_it_is_and_yet_in_ascii(tmp_path: Path) -> None:
    result = run("verify", _with_title(tmp_path, MARKUP), "--json")
    assert result.stdout.isascii()
    assert not {c for c in result.stdout if c < " "} - {"\n"}
    assert MARKUP in [letter["texts"][0]["title"] for letter in json.loads(result.stdout)["letters"]]


def test_an_argument_with_escape_sequences_is_only_shown_too(tmp_path: Path) -> None:
    result = run("verify", f"{tmp_path}/\x1b[31mnone")
    assert result.exit_code == 1
    assert "\x1b" not in result.output
