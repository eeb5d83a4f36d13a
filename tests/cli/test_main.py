"""The frame: help and errors in two languages, exit codes, JSON, a server's part that is missing, no traceback."""

from __future__ import annotations

import gettext
import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from ruban import errors
from ruban.cli import main
from ruban.cli.boundary import HINTS, WrongUse, hint_of
from ruban.cli.command import command, group
from ruban.cli.terminal import Terminal
from ruban.errors import FormatError, Message, RubanError
from ruban.language import LANGUAGES
from tests.cli.stage import run
from tests.house.source import ROOT

OWN = list(main.COMMANDS)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A command `ruban play` that raises what the test puts in the list."""
    raised: list[BaseException] = []

    @command("play", help=Message("Play."))
    @click.pass_obj
    def play(terminal: Terminal) -> int:
        terminal.say("begun")
        if raised:
            raise raised[0]
        terminal.emit_json({"played": True})
        return 0

    _provide(monkeypatch, play=lambda: play)
    return raised


def _provide(monkeypatch: pytest.MonkeyPatch, **commands: object) -> None:
    """Stand in for what other distributions would provide."""

    class Point:
        def __init__(self, name: str) -> None:
            self.name = name

        def load(self) -> object:
            return commands[self.name]()  # type: ignore[operator]

    def provided(group: str) -> list[Point]:
        return [Point(name) for name in commands] if group == main.COMMAND_POINTS else []

    monkeypatch.setattr(main, "entry_points", provided)


def test_the_version_is_that_of_the_distribution() -> None:
    assert run("--version").stdout == "ruban 0.1.0\n"


@pytest.mark.parametrize("name", [*OWN, "attest new", "attest compare", "attest sign"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_command_explains_itself_in_each_language(name: str, language: str) -> None:
    result = run(*name.split(" "), "--help", "--lang", language)
    assert result.exit_code == 0
    # A group of commands has no result of its own.
    assert ("--json" in result.stdout) == (name != "attest")
    french = "Langue de l'affichage" in result.stdout
    assert french == (language == "fr")
    assert ("Language of what" in result.stdout) != french


def test_help_lists_every_command_with_its_first_sentence() -> None:
    shown = run("--help").stdout
    for name in (*OWN, *main.SERVER_COMMANDS):
        assert f"\n  {name} " in shown
    assert run().exit_code == 2


@pytest.mark.parametrize("variable", ["LC_ALL", "LC_MESSAGES", "LANG"])
def test_the_environment_chooses_the_language(variable: str) -> None:
    environment = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""} | {variable: "fr_CH.UTF-8"}
    assert run("verify", environment=environment).stderr.startswith("erreur : ")
    assert run("verify", "--lang", "en", environment=environment).stderr.startswith("error: ")


def test_a_language_for_messages_yields_to_the_one_for_all() -> None:
    assert run("verify", environment={"LC_ALL": "en_GB", "LC_MESSAGES": "fr_FR"}).stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "english", "french"),
    [
        (["nope"], "error: No such command 'nope'.", "erreur : La commande 'nope' n'existe pas."),
        (["verify"], "error: Missing argument 'BUNDLE'.", "erreur : Il manque l'argument 'BUNDLE'"),
        (["verify", "a", "b"], "error: Got unexpected extra argument (b)", "erreur : Argument en trop (b)"),
        (["verify", "--letter"], "error: Option '--letter' requires an argument.", "erreur : L'option '--letter'"),
        (
            ["verify", "--qqqqqqqq"],
            "error: No such option '--qqqqqqqq'.",
            "erreur : L'option '--qqqqqqqq' n'existe pas.",
        ),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(arguments: list[str], english: str, french: str) -> None:
    for language, said, hint in (("en", english, "\nhint: ruban"), ("fr", french, "\nconseil : ruban")):
        result = run("--lang", language, *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith(said)
        assert hint in result.stderr


def test_an_option_misspelt_is_offered_as_it_is_written() -> None:
    assert "hint: Did you mean --letter" in run("verify", "x", "--leter", "a").stderr


def test_wrong_use_is_json_where_json_was_asked_for_wherever_it_stands() -> None:
    for arguments in (["verify", "--json"], ["verify", "--nope", "--json"], ["--json", "verify"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert json.loads(result.stdout)["error"] == "UsageError"


def test_a_word_after_two_hyphens_is_no_option(tmp_path: Path) -> None:
    result = run("verify", "--", "--json")
    assert result.stdout == ""


def test_what_click_spoke_before_it_speaks_again_after() -> None:
    gettext.textdomain("messages")
    before = ("messages", os.environ.get("LANGUAGE"))
    for language in LANGUAGES:
        run("verify", "--lang", language)
        assert (gettext.textdomain(), os.environ.get("LANGUAGE")) == before


def test_language_that_is_not_spoken_is_wrong_use() -> None:
    assert run("verify", "x", "--lang", "de").exit_code == 2


@pytest.mark.parametrize(
    "name",
    sorted(
        n for n in vars(errors) if isinstance(getattr(errors, n), type) and issubclass(getattr(errors, n), RubanError)
    ),
)
def test_every_type_of_error_is_a_sentence_with_a_hint_and_ends_with_1(name: str, played: list[BaseException]) -> None:
    kind = getattr(errors, name)
    played.append(kind("the field", Message("at most {n:,} bytes", n=8192), "9000"))
    result = run("play")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: the field: expected at most 8,192 bytes, got 9000\n")
    assert ("\nhint: " in result.stderr) == (kind is not RubanError)
    shown = json.loads(run("play", "--json").stdout)
    assert {key: shown[key] for key in ("error", "field", "got")} == {
        "error": name,
        "field": "the field",
        "got": "9000",
    }


def test_hints_are_given_for_types_that_exist_and_the_narrowest_counts() -> None:
    assert all(issubclass(kind, RubanError) for kind in HINTS)
    assert hint_of(errors.TagReused("tag", "x")) is HINTS[errors.TagReused]
    assert hint_of(errors.ProofInvalid("proof", "x")) is HINTS[errors.VerificationError]
    assert hint_of(FormatError("x", "y", hint="its own")) == "its own"


def test_evidence_goes_into_json_where_it_is_text(played: list[BaseException]) -> None:
    played.append(errors.Inconsistent("checkpoint", "one", evidence="both notes"))
    assert json.loads(run("play", "--json").stdout)["evidence"] == "both notes"


def test_an_error_of_the_system_is_a_sentence_that_names_the_file(played: list[BaseException]) -> None:
    played.append(PermissionError(13, "Permission denied", "/somewhere/\x1b[1mfile"))
    result = run("play")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: /somewhere/file: Permission denied\nhint: ")
    assert json.loads(run("play", "--json").stdout)["error"] == "OSError"


def test_an_interruption_ends_with_130(played: list[BaseException]) -> None:
    played.append(KeyboardInterrupt())
    result = run("play")
    assert result.exit_code == 130
    assert result.stderr.strip() == "interrupted"


def test_a_fault_of_ours_is_not_hidden(played: list[BaseException]) -> None:
    played.append(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        run("play")


def test_json_leaves_no_sentence_on_stdout(played: list[BaseException]) -> None:
    assert json.loads(run("play", "--json").stdout) == {"played": True}
    assert run("play").stdout == "begun\n"


@pytest.mark.parametrize("name", main.SERVER_COMMANDS)
def test_without_the_servers_part_its_commands_say_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _provide(monkeypatch)
    for arguments in ([name], [name, "open", "--force", "x"], [name, "--help"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "\nhint: pip install 'ruban[server]' installs it.\n" in result.stderr
    assert json.loads(run(name, "--json").stdout)["hint"] == "pip install 'ruban[server]' installs it."


def test_a_server_command_whose_library_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> object:
        raise ModuleNotFoundError("No module named 'apsw'", name="apsw")

    _provide(monkeypatch, roll=load)
    assert "pip install 'ruban[server]'" in run("roll", "import").stderr
    assert "\n  roll " in run("--help").stdout


def test_a_missing_module_of_our_own_does_not_look_like_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> object:
        raise ModuleNotFoundError("No module named 'ruban.manage.gone'", name="ruban.manage.gone")

    _provide(monkeypatch, roll=load)
    with pytest.raises(ModuleNotFoundError):
        run("roll")


def test_a_group_of_the_server_speaks_and_fails_like_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    @group("roll", help=Message("The roll."))
    def roll() -> None:
        """Nothing."""

    @roll.command("import", help=Message("Import."))
    @click.argument("file")
    @click.pass_obj
    def import_(terminal: Terminal, file: str) -> int:
        terminal.emit_json({"file": file})
        if file == "bad":
            raise WrongUse(Message("{file} is no list.", file=file))
        return 1 if file == "no" else 0

    _provide(monkeypatch, roll=lambda: roll)
    assert json.loads(run("roll", "import", "x.csv", "--json").stdout) == {"file": "x.csv"}
    assert [run("roll", "import", file).exit_code for file in ("yes", "no", "bad")] == [0, 1, 2]
    assert "import" in run("roll", "--help").stdout
    assert "hint: ruban roll import --help says how to use it." in run("roll", "import", "bad").stderr


def test_our_own_command_is_not_replaced_by_somebody_elses(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    _provide(monkeypatch, verify=lambda: pytest.fail("loaded"))
    assert run("verify", "bundle.zip").exit_code == 0


def test_entry_points_that_are_declared_have_the_names_that_the_command_line_knows() -> None:
    declared = {point.name for point in entry_points(group=main.COMMAND_POINTS)}
    assert declared == set() or set(main.SERVER_COMMANDS) <= declared


def _process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    code = "from ruban.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "", **environment},
    )


def test_the_process_itself_ends_with_the_code() -> None:
    done = _process("verify", "no-such.zip", LC_ALL="fr_FR.UTF-8", PYTHONUTF8="1")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("erreur : ")
    assert b"Traceback" not in done.stderr


def test_a_terminal_in_another_encoding_gets_a_question_mark_and_not_a_traceback(folder: Path) -> None:
    done = _process("verify", str(folder / "bundle.zip"), PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert b"3 by name ? 4 unnamed" in done.stdout


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    code = "from ruban.cli.main import main; main()"
    pipe = subprocess.Popen(
        [sys.executable, "-c", code, "verify", str(folder / "forged.zip")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert pipe.stdout is not None
    assert pipe.stderr is not None
    pipe.stdout.close()
    assert b"Traceback" not in pipe.stderr.read()
    pipe.stderr.close()
    assert pipe.wait() == 1


def test_starting_costs_no_cryptography() -> None:
    code = (
        "import sys; from ruban.cli import main; print([m for m in sys.modules if 'rbcl' in m or 'cryptography' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
