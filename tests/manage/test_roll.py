"""`ruban roll`: how long codes last, who gets another, whose invitation ends."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path

import pytest

from ruban.service.code_days import DAYS_OF_A_CODE, end_of_day, usual_last_day
from ruban.service.open_group import open_keeper
from tests.manage.commands import Shell
from tests.service.cast import DAY

INVITE = ("roll", "invite", "people.csv", "--codes", "codes.csv")
NOW = end_of_day(date(2026, 11, 25)) + DAY // 2
"""2026-11-27 00:00 UTC."""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell in a folder with a group and a list of three people, in November 2026."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ruban.manage.roll.now", lambda: NOW)
    made = Shell(monkeypatch, capsys)
    lines = [f"Member {i},member{i}@meridian.example" for i in range(3)]
    Path("people.csv").write_text("\n".join(["name,email", *lines, ""]), encoding="utf-8")
    ran = made(
        *("group", "open", "--origin", "localhost/atelier", "--title", "Atelier", "--organiser", "Ada"),
        *("--entitled", "3", "--source", "staff list", "--window", "0", "--slots", "2"),
    )
    assert ran.code == 0, ran.err
    return made


def codes(path: str = "codes.csv") -> list[str]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def expiries() -> list[int | None]:
    keeper = open_keeper(Path("ruban-data"))
    try:
        return keeper.desk.expiries()
    finally:
        keeper.close()


def enrol(shell: Shell, member: int, code: str, *more: str) -> int:
    name = ("--name", f"Member {member}", "--secret", f"{member}.json")
    return shell("roll", "enrol", *name, *more, typed=f"{code}\n").code


def test_codes_last_sixty_days_unless_told_otherwise(shell: Shell) -> None:
    assert shell(*INVITE).code == 0
    assert expiries() == [end_of_day(usual_last_day(NOW))]
    assert f"{DAYS_OF_A_CODE} days" in shell("roll", "invite", "--help").out


def test_codes_last_to_the_day_that_was_chosen(shell: Shell) -> None:
    ran = shell(*INVITE, "--expires", "2026-12-24")
    assert "until 2026-12-24" in ran.out
    assert expiries() == [end_of_day(date(2026, 12, 24))]


def test_codes_can_have_no_end(shell: Shell) -> None:
    assert shell(*INVITE, "--expires", "never", "--json").json["expires"] is None
    assert expiries() == [None]


@pytest.mark.parametrize("day", ["", "24.12.2026", "2026-11-25", "2026-02-30", "9999-12-31"])
def test_a_last_day_that_is_none_or_over_is_wrong_use_and_invites_nobody(shell: Shell, day: str) -> None:
    assert shell(*INVITE, "--expires", day).code == 2
    assert not Path("codes.csv").exists()
    assert expiries() == []


def test_an_expired_code_is_refused_and_leaves_no_secret(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell(*INVITE, "--expires", "2026-12-24").code == 0
    monkeypatch.setattr("ruban.manage.roll.now", lambda: end_of_day(date(2026, 12, 24)))
    ran = shell("roll", "enrol", "--name", "Member 0", "--secret", "0.json", typed=f"{codes()[0]}\n")
    assert ran.code == 1
    assert "Ask the organisers for a new code." in ran.err
    assert not Path("0.json").exists()


def test_a_number_in_the_file_of_codes_is_no_formula(shell: Shell) -> None:
    Path("people.csv").write_text("name,identifier\nAda,-4711\n", encoding="utf-8")
    assert shell(*INVITE).code == 0
    assert "\nAda,'-4711," in Path("codes.csv").read_text(encoding="utf-8")


def test_a_code_made_anew_enrols_and_the_old_one_does_not(shell: Shell) -> None:
    assert shell(*INVITE).code == 0
    ran = shell("roll", "reissue", "MEMBER1@meridian.example", "--codes", "new.csv")
    assert ran.code == 0, ran.err
    assert stat.S_IMODE(Path("new.csv").stat().st_mode) == 0o600
    [new] = codes("new.csv")
    assert new not in ran.out + ran.err
    assert enrol(shell, 1, codes()[1]) == 1
    assert enrol(shell, 1, new) == 0


def test_who_has_enrolled_gets_no_second_code_and_stays_invited(shell: Shell) -> None:
    assert shell(*INVITE).code == 0
    assert enrol(shell, 1, codes()[1]) == 0
    again = shell("roll", "reissue", "member1@meridian.example", "--codes", "new.csv", "--json")
    assert (again.code, again.json["error"]) == (1, "InvitationSpent")
    assert not Path("new.csv").exists()
    assert shell("roll", "withdraw", "member1@meridian.example", "--json").json["error"] == "InvitationSpent"


def test_a_code_is_not_made_anew_into_a_file_that_is_there(shell: Shell) -> None:
    assert shell(*INVITE).code == 0
    before = Path("codes.csv").read_bytes()
    assert shell("roll", "reissue", "member1@meridian.example", "--codes", "codes.csv").code == 2
    assert Path("codes.csv").read_bytes() == before
    assert enrol(shell, 1, codes()[1]) == 0


def test_a_withdrawn_invitation_lets_nobody_in_and_frees_its_place(shell: Shell) -> None:
    assert shell(*INVITE).code == 0
    assert shell("roll", "withdraw", "member1@meridian.example", "--json").json == {"withdrawn": 1}
    assert enrol(shell, 1, codes()[1]) == 1
    assert shell("group", "show", "--json").json["invited"] == 2
    Path("people.csv").write_text("name,email\nMember 9,member9@meridian.example\n", encoding="utf-8")
    assert shell("roll", "invite", "people.csv", "--codes", "other.csv").code == 0


def test_all_codes_get_another_last_day(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell(*INVITE, "--expires", "2026-12-24").code == 0
    monkeypatch.setattr("ruban.manage.roll.now", lambda: end_of_day(date(2026, 12, 24)))
    assert shell("roll", "until", "2026-12-01").code == 2
    assert shell("roll", "until", "2027-01-31", "--json").json == {"expires": end_of_day(date(2027, 1, 31))}
    assert enrol(shell, 0, codes()[0]) == 0
    assert shell("roll", "until", "never").code == 0
    assert expiries() == [None]


@pytest.mark.parametrize("command", [("reissue", "--codes", "new.csv"), ("withdraw",)])
def test_who_was_never_invited_is_not_known(shell: Shell, command: tuple[str, ...]) -> None:
    ran = shell("roll", command[0], "stranger@meridian.example", *command[1:])
    assert ran.code == 1
    assert "Write it as in the list" in ran.err
    assert not Path("new.csv").exists()
