"""`ruban attest`: a key, a comparison that stays on this machine, and a statement that only its maker can change."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from ruban.primitives.ed25519 import public_key
from ruban.record.entry import parse_entry
from ruban.record.submission import parse_submission
from tests.cli.stage import run, zipped
from tests.scribe import Scribe, letter_of_twelve

OWN = "nom;courriel\nAnaïs Roy;ANAIS@x.example\nBo Li;bo@x.example\nCy Ba;cy@x.example\n"
INVITED = "name,email\nAnais Roy,anais@x.example\nBo Li,bo@x.example\nDora Invented,dora@x.example\n"


@pytest.fixture
def lists(folder: Path) -> Path:
    """The second party's own list, with a French head, and the organisers'."""
    (folder / "own.csv").write_text(OWN, "utf-8")
    (folder / "invited.csv").write_text(INVITED, "utf-8")
    return folder


def named(folder: Path) -> tuple[Scribe, str]:
    """A record that names the key of council.key; the bundle is r.zip."""
    key = run("attest", "new", "council.key").stdout.strip()
    scribe, _ = letter_of_twelve()
    scribe.name_attester(bytes.fromhex(json.loads((folder / "council.key").read_text())["seed"]))
    (folder / "r.zip").write_bytes(zipped(scribe.publish()))
    return scribe, key


def sign(*more: str, lists: bool = True) -> list[str]:
    given = ["--own", "own.csv", "--invited", "invited.csv"] if lists else []
    return ["attest", "sign", "r.zip", "--key", "council.key", *given, "--spent", "12", "--method", "by hand", *more]


def test_a_key_is_for_its_owner_alone_and_never_replaced(folder: Path) -> None:
    result = run("attest", "new", "council.key")
    seed = json.loads((folder / "council.key").read_text())["seed"]
    assert result.stdout == public_key(bytes.fromhex(seed)).hex() + "\n"
    assert seed not in result.stdout + result.stderr
    if os.name == "posix":
        assert stat.S_IMODE(os.stat("council.key").st_mode) == 0o600
    assert run("attest", "new", "council.key").exit_code == 2


def test_lists_are_compared_as_the_server_reads_them(lists: Path) -> None:
    result = run("attest", "compare", "own.csv", "invited.csv")
    assert result.exit_code == 1
    assert "3 on your list, 3 invited, 2 of these on your list" in result.stdout
    assert "invited, and not on your list:\n  line 4: Dora Invented" in result.stdout
    assert "on your list, and not invited:\n  line 4: Cy Ba" in result.stdout
    said = json.loads(run("attest", "compare", "own.csv", "invited.csv", "--json").stdout)
    assert said == {"entitled": 3, "invited": 3, "found": 2, "not_on_own": [4], "not_invited": [4]}


def test_two_equal_lists_end_with_0(lists: Path) -> None:
    assert run("attest", "compare", "own.csv", "own.csv").exit_code == 0


def test_lists_that_name_people_differently_are_suspected(lists: Path) -> None:
    (lists / "numbers.csv").write_text("name,number\nBo Li,0017\n", "utf-8")
    assert "perhaps one list names people by e-mail" in run("attest", "compare", "own.csv", "numbers.csv").stderr


def test_a_list_with_a_fault_says_where(lists: Path) -> None:
    (lists / "wrong.csv").write_text("name,email\nBo Li,\n", "utf-8")
    result = run("attest", "compare", "own.csv", "wrong.csv")
    assert result.exit_code == 1
    assert "line 2" in result.stderr


def test_what_is_signed_is_what_both_lists_say(lists: Path) -> None:
    scribe, _key = named(lists)
    result = run(*sign("--yes", "--out", "a.json"))
    assert result.exit_code == 0, result.stderr
    submission = parse_submission((lists / "a.json").read_bytes())
    data = parse_entry(submission.leaf).data
    assert (data["entitled"], data["invited"], data["found"], data["spent"], data["rows"]) == (3, 3, 2, 12, 12)
    scribe.write(submission.leaf)
    assert not scribe.findings


def test_no_name_and_no_address_leaves_the_machine(lists: Path) -> None:
    named(lists)
    run(*sign("--yes", "--out", "a.json"))
    text = (lists / "a.json").read_text()
    assert not any(word in text for word in ("Roy", "Dora", "x.example", "own.csv"))


def test_it_asks_and_says_what_will_stand_there(lists: Path) -> None:
    named(lists)
    result = run(*sign(), stdin="no\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "3 invited, 2 of them on your list of 3" in result.stderr
    assert "Nothing was signed." in result.stderr


def test_numbers_may_come_from_elsewhere_but_not_both(lists: Path) -> None:
    named(lists)
    result = run(*sign("--numbers", "770", "768", "760", "--yes", "--json", lists=False))
    assert json.loads(result.stdout)["found"] == 760
    assert run(*sign("--numbers", "770", "768", "760", "--yes")).exit_code == 2
    assert run(*sign("--yes", lists=False)).exit_code == 2


def test_a_key_that_the_organisers_have_not_named_signs_nothing(lists: Path) -> None:
    run("attest", "new", "council.key")
    scribe, _ = letter_of_twelve()
    (lists / "r.zip").write_bytes(zipped(scribe.publish()))
    result = run(*sign("--yes"))
    assert result.exit_code == 1
    assert "Give it to the organisers" in result.stderr


def test_nothing_is_signed_on_a_record_that_does_not_hold(lists: Path) -> None:
    scribe, _ = named(lists)
    scribe.close(next(iter(scribe.state.letters)), at=1)
    (lists / "r.zip").write_bytes(zipped(scribe.publish()))
    result = run(*sign("--yes"))
    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize("content", ["", "{}", '{"attester":1,"seed":"00"}'])
def test_a_file_that_is_no_key_is_refused(lists: Path, content: str) -> None:
    named(lists)
    (lists / "council.key").write_text(content)
    result = run(*sign("--yes"))
    assert result.exit_code == 1
    assert "council.key" in result.stderr or "seed" in result.stderr


def test_a_verdict_tells_what_it_said_and_where_it_finds_fault(lists: Path) -> None:
    scribe, key = named(lists)
    run(*sign("--yes", "--out", "a.json"))
    submission = parse_submission((lists / "a.json").read_bytes())
    scribe.write(submission.leaf)
    scribe.openings |= {opening.commitment: opening for opening in submission.openings}
    (lists / "r.zip").write_bytes(zipped(scribe.publish()))
    said = run("verify", "r.zip").stdout
    assert "Works council compared on " in said
    assert "of 3 invited, 2 are on its own list of 3; 12 had enrolled, with 12 invitations used" in said
    assert "  1 of those invited is not on its list" in said
    assert f"  its key, to compare with one that you have from it: {key}" in said
    assert "the organisers say, and who compared the lists." in said
    assert "No second party has confirmed the roll" not in said
