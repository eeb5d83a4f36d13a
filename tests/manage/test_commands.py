"""An organiser's and a member's way on the command line, from an empty folder to a verdict."""

from __future__ import annotations

import csv
import stat
import zipfile
from pathlib import Path

import pytest

from tests.manage.commands import Shell
from tests.postgres_server import Postgres

LETTER = """---
language: en
title: To the board
addressee: The board
demands: [One, Two]
opening: now
closing: 2 days after opening
---
We ask you.
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capsys)


def _people(count: int = 12) -> None:
    lines = [f"Member {i};member{i}@meridian.example" for i in range(count)]
    Path("people.csv").write_text("\n".join(["name;email", *lines]) + "\n", encoding="utf-8")


def open_group(shell: Shell, entitled: int = 14, *more: str) -> None:
    ran = shell(
        *("group", "open", "--origin", "localhost/atelier", "--title", "Atelier", "--organiser", "Ada", *more),
        *("--entitled", str(entitled), "--source", "staff list", "--window", "0", "--slots", "2"),
    )
    assert ran.code == 0, ran.err


def _codes() -> list[str]:
    with Path("codes.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def enrol_everybody(shell: Shell) -> None:
    _people()
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv").code == 0
    for number, code in enumerate(_codes()):
        ran = shell("roll", "enrol", "--name", f"Member {number}", "--secret", f"{number}.json", typed=f"{code}\n")
        assert ran.code == 0, ran.err


def open_letter(shell: Shell) -> str:
    Path("letter.md").write_text(LETTER, encoding="utf-8")
    ran = shell("letter", "open", "letter.md", "--json")
    assert ran.code == 0, ran.err
    letter: str = ran.json["letter"]
    return letter


def test_from_an_empty_folder_to_a_verdict(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    open_letter(shell)
    for number, way in enumerate(([], [], ["--name", "Member 2"])):
        made = shell("sign", "ruban-data", "--secret", f"{number}.json", "--yes", "--out", f"{number}.txt", *way)
        assert made.code == 0, made.err
        assert shell("submit", f"{number}.txt", "--to", "ruban-data").code == 0
    assert shell("release").code == 0
    assert shell("sign", "ruban-data", "--secret", "0.json", "--withdraw", "--yes", "--out", "w.txt").code == 0
    assert shell("submit", "w.txt", "--to", "ruban-data").code == 0
    assert shell("release").code == 0
    assert shell("bundle", "ruban-data", "--out", "bundle.zip").code == 0
    tally = shell("verify", "bundle.zip", "--json").json["letters"][0]["tally"]
    assert (tally["signed"], tally["enrolled"], tally["entitled"]) == (2, 12, 14)
    assert (tally["named"], tally["unnamed"], tally["withdrawn"]) == (1, 1, 1)
    listed = shell("letter", "list", "--json").json["letters"]
    assert [letter["signed"] for letter in listed] == [2]


def test_a_second_signature_is_refused_with_what_to_do(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    open_letter(shell)
    for name in ("a", "b"):
        assert shell("sign", "ruban-data", "--secret", "0.json", "--yes", "--out", name).code == 0
    assert shell("submit", "a", "--to", "ruban-data").code == 0
    again = shell("submit", "b", "--to", "ruban-data", "--json")
    assert again.code == 1
    assert again.json["error"] == "TagReused"
    assert again.json["hint"]


def test_a_letter_is_changed_listed_and_closed(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    first = open_letter(shell)
    second = open_letter(shell)
    ambiguous = shell("letter", "cancel", "--reason", "wrong")
    assert ambiguous.code == 2
    assert "2 letters fit" in ambiguous.err
    assert shell("letter", "supersede", "--letter", first[:12], "--by", second[:12], "--reason", "corrected").code == 0
    extended = shell("letter", "extend", "--until", "2199-01-01 09:00 Europe/Paris", "--reason", "more time")
    assert extended.code == 0, extended.err
    assert shell("letter", "close", "--reason", "enough").code == 0
    assert shell("letter", "close", "--reason", "again").code == 2
    letters = shell("verify", "ruban-data", "--json").json["letters"]
    assert [letter["status"] for letter in letters] == ["superseded", "closed"]
    assert "  closed at " in shell("verify", "ruban-data").out


def test_a_name_is_erased(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    open_letter(shell)
    assert shell("sign", "ruban-data", "--secret", "3.json", "--name", "Member 3", "--yes", "--out", "s").code == 0
    assert shell("submit", "s", "--to", "ruban-data").code == 0
    assert shell("release").code == 0
    tag = Path("s").read_text(encoding="utf-8").split('\\"tag\\":\\"')[1][:64]
    assert shell("letter", "erase", "--tag", tag).code == 0
    letter = shell("verify", "ruban-data", "--names", "--json").json["letters"][0]
    assert (letter["tally"]["named"], letter["tally"]["erased"], letter["names"]) == (1, 1, [])


def test_news_are_published_in_each_language_as_windows_writes_them_too(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    open_letter(shell)
    Path("en.md").write_bytes(b"\xef\xbb\xbfThey answered.\r\nWe read it.\r\n")
    Path("fr.md").write_text("Ils ont répondu.\n", encoding="utf-8")
    ran = shell("letter", "update", "--text", "en", "en.md", "--text", "fr", "fr.md", "--json")
    assert ran.code == 0, ran.err
    [news] = shell("verify", "ruban-data", "--json").json["letters"][0]["updates"]
    assert [each["text"] for each in news["texts"]] == ["They answered.\nWe read it.", "Ils ont répondu."]


def test_news_twice_in_one_language_are_refused(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    open_letter(shell)
    Path("en.md").write_text("News.\n", encoding="utf-8")
    assert shell("letter", "update", "--text", "en", "en.md", "--text", "en", "en.md").code == 2
    assert shell("verify", "ruban-data", "--json").json["letters"][0]["updates"] == []


def test_a_name_is_hidden_and_stays_counted(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    open_letter(shell)
    assert shell("sign", "ruban-data", "--secret", "3.json", "--name", "Member 3", "--yes", "--out", "s").code == 0
    assert shell("submit", "s", "--to", "ruban-data").code == 0
    assert shell("release").code == 0
    tag = Path("s").read_text(encoding="utf-8").split('\\"tag\\":\\"')[1][:64]
    assert shell("letter", "strike", "--reason", "an insult").code == 2
    assert shell("letter", "strike", "--comment-of", tag, "--reason", "an insult").code == 1
    assert shell("letter", "strike", "--name-of", tag, "--reason", "an insult").code == 0
    letter = shell("verify", "ruban-data", "--names", "--json").json["letters"][0]
    assert (letter["tally"]["named"], letter["tally"]["struck"], letter["names"]) == (1, 1, [])
    assert [hidden["reason"] for hidden in letter["strikes"]] == ["an insult"]


def test_how_many_are_entitled_is_corrected(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    corrected = ("group", "electorate", "--source", "staff list, corrected", "--as-of", "2026-11-20")
    assert shell(*corrected, "--entitled", "11").code == 1
    assert shell(*corrected, "--entitled", "20", "--json").json == {"entitled": 20, "before": 14, "date": "2026-11-20"}
    assert shell("group", "show", "--json").json["entitled"] == 20


def test_the_organisers_who_sign_are_named_by_their_places(shell: Shell) -> None:
    open_group(shell, 14, "--organiser", "Ben", "--quorum", "2")
    enrol_everybody(shell)
    Path("letter.md").write_text(LETTER, encoding="utf-8")
    alone = shell("letter", "open", "letter.md", "--place", "2", "--json")
    assert (alone.code, alone.json["error"]) == (1, "QuorumMissing")
    nobody = shell("letter", "open", "letter.md", "--place", "1", "--place", "3", "--json")
    assert (nobody.code, nobody.json["error"]) == (1, "Refused")
    assert shell("letter", "open", "letter.md", "--place", "1", "--place", "2").code == 0
    assert shell("letter", "cancel", "--reason", "alone", "--place", "1").code == 1
    Path("en.md").write_text("News.\n", encoding="utf-8")
    assert shell("letter", "update", "--text", "en", "en.md", "--place", "2").code == 0


def test_a_windows_1252_list_is_shown_and_waits_for_the_organisers_word(shell: Shell) -> None:
    open_group(shell)
    Path("people.csv").write_bytes("name;email\nÉlodie Nº1;e@meridian.example\n".encode("cp1252"))
    shown = shell("roll", "preview", "people.csv")
    assert shown.code == 1
    assert "Élodie Nº1" in shown.err
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv").code == 1
    assert not Path("codes.csv").exists()
    assert shell("group", "show", "--json").json["invited"] == 0
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv", "--encoding", "windows-1252").code == 0


def test_a_list_with_an_error_imports_nobody_and_says_where(shell: Shell) -> None:
    open_group(shell)
    Path("people.csv").write_text("name,email\nBen,ben@meridian.example\nChloé,\n", encoding="utf-8")
    shown = shell("roll", "preview", "people.csv", "--json").json
    assert (shown["right"], shown["errors"]) == (False, 1)
    assert (shown["findings"][0]["line"], shown["findings"][0]["column"]) == (3, 2)
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv").code == 1
    assert shell("group", "show", "--json").json["invited"] == 0


def test_codes_are_for_their_owner_alone_and_never_overwritten(shell: Shell) -> None:
    open_group(shell)
    _people()
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv").code == 0
    assert stat.S_IMODE(Path("codes.csv").stat().st_mode) == 0o600
    before = Path("codes.csv").read_bytes()
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv").code == 2
    assert Path("codes.csv").read_bytes() == before


def test_a_refused_enrolment_leaves_no_secret_behind(shell: Shell) -> None:
    open_group(shell)
    _people()
    shell("roll", "invite", "people.csv", "--codes", "codes.csv")
    code = _codes()[0]
    ran = shell("roll", "enrol", "--name", "Somebody Else", "--secret", "s.json", typed=f"{code}\n")
    assert ran.code == 1
    assert not Path("s.json").exists()
    assert code not in ran.out + ran.err
    assert shell("roll", "enrol", "--name", "Member 0", "--secret", "s.json", typed=f"{code}\n").code == 0
    assert stat.S_IMODE(Path("s.json").stat().st_mode) == 0o600


def test_an_enrolment_whose_answer_was_lost_is_taken_up_with_the_same_secret(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_group(shell)
    _people()
    shell("roll", "invite", "people.csv", "--codes", "codes.csv")
    code = _codes()[0]
    enrol = ("roll", "enrol", "--name", "Member 0", "--secret", "s.json")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("ruban.manage.roll.enrol", killed)
        assert shell(*enrol, typed=f"{code}\n").code == 130
    made = Path("s.json").read_bytes()
    assert shell(*enrol, typed="ABCD\n").code == 1
    assert Path("s.json").read_bytes() == made
    assert shell(*enrol, typed=f"{code}\n").code == 0
    # And once more, without a code: the row is there.
    assert shell(*enrol).code == 0
    assert Path("s.json").read_bytes() == made
    assert shell("group", "show", "--json").json["enrolled"] == 1


def test_codes_that_cannot_be_written_invite_nobody(shell: Shell) -> None:
    open_group(shell)
    _people()
    assert shell("roll", "invite", "people.csv", "--codes", "nowhere/codes.csv").code == 1
    assert shell("group", "show", "--json").json["invited"] == 0
    assert shell("roll", "invite", "people.csv", "--codes", "codes.csv").code == 0


def test_a_name_typed_with_combining_accents_is_no_traceback(shell: Shell) -> None:
    open_group(shell)
    _people()
    shell("roll", "invite", "people.csv", "--codes", "codes.csv")
    typed = f"{_codes()[0]}\n"
    assert shell("roll", "enrol", "--name", "Zoe\u0301", "--secret", "s.json", typed=typed).code == 1
    assert shell("roll", "enrol", "--name", "Zoe\x07", "--secret", "s.json", typed=typed).code == 1


def test_a_folder_without_a_group_is_told_so(shell: Shell) -> None:
    ran = shell("group", "show")
    assert ran.code == 1
    assert "ruban group open" in ran.err


def test_a_group_the_record_would_not_allow_is_refused(shell: Shell) -> None:
    ran = shell(
        *("group", "open", "--origin", "atelier.example/x", "--title", "Atelier", "--organiser", "Ada"),
        *("--entitled", "14", "--source", "staff list", "--window", "0", "--json"),
    )
    assert ran.code == 1
    assert ran.json["field"] == "window"
    assert not Path("ruban-data").exists() or not list(Path("ruban-data").iterdir())


def test_everything_speaks_french_too(shell: Shell) -> None:
    open_group(shell)
    _people()
    ran = shell("--lang", "fr", "roll", "preview", "people.csv")
    assert ran.code == 0
    assert "people" not in ran.out


def test_the_words_shown_at_enrolment_sign_like_the_file(shell: Shell) -> None:
    open_group(shell)
    _people()
    shell("roll", "invite", "people.csv", "--codes", "codes.csv")
    codes = _codes()
    enrol = ("roll", "enrol", "--name", "Member 0", "--secret", "0.json", "--words")
    assert shell(*enrol, "--erasable").code == 2
    ran = shell(*enrol, "--json", typed=f"{codes[0]}\n")
    assert ran.code == 0, ran.err
    words = next(line for line in ran.err.split("\n") if len(line.split(" ")) == 24)
    assert words not in ran.out
    for number, code in enumerate(codes[1:], 1):
        shell("roll", "enrol", "--name", f"Member {number}", "--secret", f"{number}.json", typed=f"{code}\n")
    open_letter(shell)
    assert shell("sign", "ruban-data", "--words", "--yes", "--out", "w.txt", typed=f"{words}\n").code == 0
    assert shell("submit", "w.txt", "--to", "ruban-data").code == 0
    again = shell("sign", "ruban-data", "--secret", "0.json", "--yes", "--out", "s.txt")
    assert again.code == 0, again.err
    assert shell("submit", "s.txt", "--to", "ruban-data", "--json").json["error"] == "TagReused"


def test_a_checkpoint_bears_a_line_that_readers_skip(shell: Shell) -> None:
    open_group(shell)
    assert shell("bundle", "ruban-data", "--out", "b.zip").code == 0
    with zipfile.ZipFile("b.zip") as bundle:
        lines = bundle.read("checkpoint").decode("utf-8").split("\n")
    assert [line.split(" ")[1].split("/")[0] for line in lines if line.startswith("\u2014")] in (
        ["localhost", "grease.invalid"],
        ["grease.invalid", "localhost"],
    )
    assert shell("verify", "b.zip").code == 0


def test_a_record_begun_in_a_database_is_moved_into_the_folder_and_verified(shell: Shell, postgres: Postgres) -> None:
    open_group(shell, 14, "--database", postgres.address, "--schema", "atelier")
    enrol_everybody(shell)
    open_letter(shell)
    assert shell("store", "show", "--json").json == {"folder": "ruban-data", "schema": "atelier"}
    assert "PostgreSQL" in shell("store", "show", "--lang", "fr").out
    before = shell("verify", "ruban-data", "--json").json
    moved = shell("store", "move", "--to", "folder", "--json")
    assert moved.code == 0, moved.err
    assert moved.json["entries"] == before["record"]["entries"]
    assert shell("verify", "ruban-data", "--json").json["letters"] == before["letters"]
    again = shell("store", "move", "--to", "folder", "--lang", "fr")
    assert (again.code, "celui où se trouve le registre" in again.err) == (1, True)
    assert shell("store", "move", "--to", postgres.address, "--schema", "atelier").code == 0
    assert shell("store", "show", "--json").json["schema"] == "atelier"


def test_an_address_of_no_database_is_refused_with_what_to_do(shell: Shell) -> None:
    open_group(shell)
    ran = shell("store", "move", "--to", "postgresql://ruban:hunter2@/none?host=/nowhere")
    assert ran.code == 1
    assert "a PostgreSQL server that answers" in ran.err
    assert "hunter2" not in ran.out + ran.err
