"""The terminal: sentences in a language, tables, bars where somebody watches, one JSON object, questions."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from ruban.cli import terminal as module
from ruban.cli.boundary import WrongUse
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.language import translator

ESCAPE = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")


def terminal(language: str = "en", *, json: bool = False, watched: bool = False, width: int = 100) -> Terminal:
    def console() -> Console:
        return Console(
            file=io.StringIO(), force_terminal=watched, width=width, markup=False, highlight=False, emoji=False
        )

    return Terminal(language=translator(language), json=json, out=console(), err=console())


def written(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    typed = io.StringIO()
    monkeypatch.setattr("sys.stdin", typed)
    return typed


def type_in(stdin: io.StringIO, text: str) -> None:
    stdin.write(text)
    stdin.seek(0)


def test_results_and_notes_go_their_own_ways() -> None:
    it = terminal()
    it.say("a result", Message("{n:,} of them", n=1543))
    it.note("a note")
    it.warn(Message("careful, {who}", who="Ada"))
    assert written(it.out) == "a result\n1,543 of them\n"
    assert written(it.err) == "a note\nwarning: careful, Ada\n"


def test_with_json_only_the_object_is_on_stdout() -> None:
    it = terminal(json=True)
    it.say("a result")
    it.table(["x"], [["y"]])
    it.emit_text("text")
    it.note("a note")
    it.emit_json({"title": "été\x1b[31m"})
    assert json.loads(written(it.out)) == {"title": "été\x1b[31m"}
    assert written(it.out).isascii()
    assert written(it.err) == "a note\n"


def test_without_json_no_object_is_printed() -> None:
    it = terminal()
    it.emit_json({"a": 1})
    it.emit_text("as it is\n")
    assert written(it.out) == "as it is\n"


def test_a_long_sentence_is_not_broken_by_us() -> None:
    it = terminal(width=20)
    it.say("word " * 50)
    assert written(it.out).count("\n") == 1


def test_markup_and_emoji_codes_are_text() -> None:
    it = terminal(watched=True)
    it.say(Message("{title}", title="[red]x[/red] :smile: [link=http://e]y[/link]"))
    it.table(["[b]h[/b]"], [["[red]c[/red] :smile:"]])
    shown = ESCAPE.sub("", written(it.out))
    assert "[red]x[/red] :smile: [link=http://e]y[/link]" in shown
    assert "[b]h[/b]" in shown
    assert "[red]c[/red] :smile:" in shown


def test_a_table_has_numbers_to_the_right_as_the_language_writes_them() -> None:
    it = terminal("fr")
    it.table(["nom", "n"], [["Ada", 1543], ["B\x1b[2J\nob", 7]])
    assert [line.rstrip() for line in written(it.out).split("\n")] == [
        "nom       n",
        "Ada   1\u202f543",
        "B ob      7",
        "",
    ]


def test_an_empty_table_is_its_header() -> None:
    it = terminal()
    it.table(["a", "b"], [])
    assert written(it.out).split() == ["a", "b"]


def test_plurals_follow_the_language() -> None:
    one, many = "{n:,} entry written to {path} ({size:,} bytes)", "{n:,} entries written to {path} ({size:,} bytes)"
    assert terminal().ngettext(one, many, 1, path="x\n", size=1543) == "1 entry written to x  (1,543 bytes)"
    assert terminal("fr").ngettext(one, many, 0, path="x", size=2).startswith("0 inscription écrite dans x")


def test_a_bar_is_drawn_where_somebody_watches_and_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BAR_AFTER_SECONDS", 0)
    it = terminal("fr", watched=True)
    with it.progress(Message("recounting the entries"), 10) as bar:
        bar.advance()
        bar.update(10, what=Message("{x}", x="[red]\x1b[2Jlast"))
    shown = written(it.err)
    assert "décompte des inscriptions" in ESCAPE.sub("", shown)
    assert "[red]last" in ESCAPE.sub("", shown)
    assert "10/10" in shown
    assert written(it.out) == ""


def test_no_bar_is_drawn_for_what_is_over_at_once() -> None:
    it = terminal(watched=True)
    with it.progress("copying the record", 10) as bar:
        bar.update(10)
    assert written(it.err) == ""


def test_nothing_is_drawn_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BAR_AFTER_SECONDS", 0)
    it = terminal(watched=False)
    with it.progress("copying the record") as bar:
        bar.update(5, 10)
    assert written(it.err) == ""


def test_a_bar_is_taken_away_when_something_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BAR_AFTER_SECONDS", 0)
    it = terminal(watched=True)
    with pytest.raises(ZeroDivisionError), it.progress("copying the record", 10) as bar:  # noqa: PT012
        bar.update(1)
        raise ZeroDivisionError
    assert written(it.err).endswith("\x1b[2K")
    assert not it.err._live_stack


@pytest.mark.parametrize(
    ("answer", "yes"), [("y\n", True), ("YES\n", True), ("o\n", False), ("\n", False), ("n\n", False)]
)
def test_only_a_clear_yes_is_one(stdin: io.StringIO, answer: str, yes: bool) -> None:
    type_in(stdin, answer)
    it = terminal()
    assert it.confirm(Message("Open {title}?", title="\x1b[2Jit")) is yes
    assert written(it.err) == "Open it? [y/N] "
    assert written(it.out) == ""


def test_in_french_o_is_yes_and_so_is_y(stdin: io.StringIO) -> None:
    type_in(stdin, "o\nOui\ny\n")
    it = terminal("fr")
    assert [it.confirm("?") for _ in range(3)] == [True, True, True]


def test_where_nobody_answers_it_is_wrong_use(stdin: io.StringIO) -> None:
    for ask in (terminal().confirm, terminal().ask_hidden):
        with pytest.raises(WrongUse):
            ask("?")


def test_a_hidden_answer_may_come_from_a_pipe(stdin: io.StringIO) -> None:
    type_in(stdin, "some words\n")
    it = terminal()
    assert it.ask_hidden("The 24 words:") == "some words"
    assert written(it.err) == "The 24 words:\n"


def test_a_time_that_no_calendar_has_is_a_number() -> None:
    assert terminal().instant(0) == "1970-01-01 00:00 UTC"
    assert terminal().instant(10**17) == str(10**17)


def test_colours_are_for_terminals_and_can_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(**environment: str) -> str:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"TERM": "xterm-256color"} | environment).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdout", Tty())
        it = Terminal.of_process(translator("en"), json=False)
        it.say("red", style="red")
        return written(it.out)

    assert shown() == "\x1b[31mred\x1b[0m\n"
    assert "[31m" not in shown(NO_COLOR="1")
    assert shown(TERM="dumb") == "red\n"
