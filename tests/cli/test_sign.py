"""`ruban sign` makes what the record takes, offline, after telling the signer how well they are hidden."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ruban.proof import MemberSecret, sign_name
from ruban.record.entry import parse_entry
from ruban.record.replay import admit
from ruban.record.secret_file import encode_secret_file
from ruban.record.submission import Submission, parse_submission
from tests.cli.stage import OPEN_MEMBER, UNNAMED_MEMBER, play, run, stage, zipped
from tests.house.source import ROOT
from tests.scribe import NOON, Scribe

SALT = "5a" * 32


def admitted(text: str) -> Submission:
    """What a printed text submits, if the record takes it."""
    submission = parse_submission(text.encode())
    admit(stage().scribe.state, parse_entry(submission.leaf), NOON + 60)
    return submission


def test_unnamed_is_the_default_and_the_record_takes_it(folder: Path) -> None:
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--yes")
    assert result.exit_code == 0
    submission = admitted(result.stdout)
    assert submission.openings == ()
    assert parse_entry(submission.leaf).data["way"] == "unnamed"


def test_what_is_recounted_with_it_still_holds(folder: Path) -> None:
    submission = admitted(run("sign", "bundle.zip", "--secret", "secret.json", "--yes").stdout)
    scribe, _ = play()
    scribe.batch(parse_entry(submission.leaf))
    (folder / "after.zip").write_bytes(zipped(scribe.publish()))
    result = run("verify", "after.zip")
    assert (result.exit_code, result.stdout.split("\n")[1].partition(",")[0]) == (0, "8 signed")


def test_by_name_opens_the_members_row(folder: Path) -> None:
    submission = admitted(run("sign", "bundle.zip", "--secret", "secret.json", "--name", "Member 9", "--yes").stdout)
    assert [opening.payload for opening in submission.openings] == [b'{"name":"Member 9"}']


def test_stepping_forward_and_withdrawing_follow_a_signature(folder: Path) -> None:
    forward = run("sign", "bundle.zip", "--secret", "signed.json", "--step-forward", "Member 3", "--yes")
    assert parse_entry(admitted(forward.stdout).leaf).data["action"] == "name"
    back = run("sign", "bundle.zip", "--secret", "signed.json", "--withdraw", "--yes")
    assert parse_entry(admitted(back.stdout).leaf).data["action"] == "withdraw"
    assert "A withdrawal is final" in back.stderr


def test_before_signing_it_says_what_is_signed_and_how_well_one_is_hidden(folder: Path) -> None:
    said = run("sign", "bundle.zip", "--secret", "secret.json", "--yes").stderr
    for expected in (
        "Open letter to the board\n  to: The board\n  1. That the director return\n  2. That the board resign\n",
        "Of the 12 among whom you hide, 3 have signed by name and 5 without, you included.",
        "be right in 55.6 % of cases",
        "If it ends like 710 of 770, in 88.9 %",
        "Anybody may submit this",
    ):
        assert expected in said


def test_in_french_it_asks_in_french(folder: Path) -> None:
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--lang", "fr", stdin="o\n")
    assert result.exit_code == 0
    assert "Signer sans votre nom ? [o/N]" in result.stderr
    assert "Que la directrice revienne" in result.stderr


@pytest.mark.parametrize("answer", ["n", "", "no", "yess", "q"])
def test_without_a_clear_yes_nothing_is_signed(folder: Path, answer: str) -> None:
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--out", "s.json", stdin=answer + "\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Nothing was signed." in result.stderr
    assert not Path("s.json").exists()


def test_where_nobody_can_answer_it_says_how_to(folder: Path) -> None:
    result = run("sign", "bundle.zip", "--secret", "secret.json", stdin="")
    assert result.exit_code == 2
    assert "hint: Add --yes to say yes." in result.stderr


def test_a_file_is_for_its_owner_alone_and_is_not_overwritten(folder: Path) -> None:
    arguments = ("sign", "bundle.zip", "--secret", "secret.json", "--yes", "--out", "s.json")
    assert run(*arguments).stdout == "written to s.json\n"
    assert stat.S_IMODE(os.stat("s.json").st_mode) == 0o600
    written = Path("s.json").read_text()
    admitted(written)
    again = run(*arguments)
    assert again.exit_code == 2
    assert Path("s.json").read_text() == written
    assert run(*arguments, "--force").exit_code == 0
    assert Path("s.json").read_text() != written


def test_json_holds_the_text_and_the_figures(folder: Path) -> None:
    shown = json.loads(run("sign", "bundle.zip", "--secret", "secret.json", "--yes", "--json").stdout)
    admitted(shown["submission"])
    assert shown["hiding"]["hidden_among"] == 12
    assert shown["way"] == "unnamed"


def test_the_same_nonce_salt_gives_the_same_text(folder: Path) -> None:
    arguments = ("sign", "bundle.zip", "--secret", "secret.json", "--yes", "--nonce-salt", SALT)
    assert run(*arguments).stdout == run(*arguments).stdout
    assert run(*arguments[:-1], "5A" * 32).exit_code == 2
    assert "nonce-salt" not in run("sign", "--help").stdout


def test_nothing_is_signed_on_a_record_that_does_not_hold(folder: Path) -> None:
    result = run("sign", "forged.zip", "--secret", "secret.json", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "hint: ruban verify forged.zip shows them" in result.stderr


def test_a_second_signature_is_refused(folder: Path) -> None:
    for way in ((), ("--name", "Member 3")):
        result = run("sign", "bundle.zip", "--secret", "signed.json", "--yes", *way)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "one that has not signed this letter" in result.stderr


def test_another_name_than_the_one_enrolled_with_is_refused(folder: Path) -> None:
    for way in (("--name", "Member 8"), ("--name", "Member 9", "--role", "Engineering")):
        result = run("sign", "bundle.zip", "--secret", "secret.json", "--yes", *way)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "the name that you enrolled with" in result.stderr
        assert "Member" not in result.stderr


def test_a_proof_that_came_out_false_is_not_handed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*arguments: Any, **options: Any) -> bytes:
        proof = sign_name(*arguments, **options)
        last = int.from_bytes(proof[-32:], "little")
        return proof[:-32] + (last ^ 1).to_bytes(32, "little")

    monkeypatch.setattr("ruban.record.member.sign_name", faulty)
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--name", "Member 9", "--yes", "--out", "s.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert not Path("s.json").exists()


def test_a_secret_of_another_group_is_refused(folder: Path) -> None:
    (folder / "other.json").write_bytes(encode_secret_file(MemberSecret.fresh(bytes(32))))
    result = run("sign", "bundle.zip", "--secret", "other.json", "--yes")
    assert result.exit_code == 1
    assert "secret: expected one for this group" in result.stderr


def test_a_secret_that_is_not_on_the_roll_is_refused(folder: Path) -> None:
    stranger = MemberSecret.from_seed(stage().scribe.roll_id, b"\x09" * 32)
    (folder / "stranger.json").write_bytes(encode_secret_file(stranger))
    for way in ((), ("--name", "Member 9"), ("--withdraw",)):
        result = run("sign", "bundle.zip", "--secret", "stranger.json", "--yes", *way)
        assert (result.exit_code, result.stdout) == (1, "")


def test_a_secret_whose_part_was_erased_cannot_sign(folder: Path) -> None:
    erased = MemberSecret.fresh_per_slot(stage().scribe.roll_id, 0)
    (folder / "erased.json").write_bytes(encode_secret_file(erased))
    for way in ((), ("--withdraw",)):
        result = run("sign", "bundle.zip", "--secret", "erased.json", "--yes", *way)
        assert result.exit_code == 1
        assert "one whose part for it was erased" in result.stderr


def test_a_secret_file_that_others_can_read_is_warned_about(folder: Path) -> None:
    (folder / "secret.json").chmod(0o644)
    assert "warning: others on this machine can read secret.json" in _unasked("secret.json")
    (folder / "secret.json").chmod(0o600)
    assert "warning" not in _unasked("secret.json")


def _unasked(secret: str) -> str:
    return run("sign", "bundle.zip", "--secret", secret, "--yes").stderr


def test_a_damaged_secret_file_is_refused_without_being_shown(folder: Path) -> None:
    data = stage().secret(OPEN_MEMBER)
    (folder / "secret.json").write_bytes(data.replace(b'"seed":"', b'"seed":"x'))
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--yes")
    assert result.exit_code == 1
    assert stage().scribe.secrets[OPEN_MEMBER].row_seed.hex() not in result.output


def test_words_bring_the_secret_and_are_not_shown(folder: Path) -> None:
    for language in ("english", "french"):
        words = stage().words(OPEN_MEMBER, language)
        result = run("sign", "bundle.zip", "--words", "--yes", stdin=words + "\n")
        assert parse_entry(admitted(result.stdout).leaf).data["way"] == "unnamed"
        assert words.split(" ")[5] not in result.output


def test_a_wrong_word_is_named_by_its_place(folder: Path) -> None:
    words = stage().words(OPEN_MEMBER).split(" ")
    result = run("sign", "bundle.zip", "--words", "--yes", stdin=" ".join([*words[:-1], "qqqq"]) + "\n")
    assert result.exit_code == 1
    assert result.stderr.split("\n")[1].startswith("error: word 24: expected a word of the list")


def test_words_typed_at_a_terminal_are_not_echoed(folder: Path) -> None:
    words = stage().words(OPEN_MEMBER)
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from ruban.cli.main import main; main()", "sign", "bundle.zip", "--words", "--yes"],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        cwd=folder,
        env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")},
    )
    os.close(follower)
    seen = b""
    while b"24 words:" not in seen:
        seen += os.read(leader, 1024)
    os.write(leader, words.encode() + b"\n")
    try:
        while chunk := os.read(leader, 65_536):
            seen += chunk
    except OSError:
        pass  # The other end is closed.
    assert process.wait() == 0
    assert b'"way\\":\\"unnamed\\"' in seen
    assert not [word for word in words.split(" ") if len(word) > 4 and word.encode() in seen]


@pytest.mark.parametrize(
    "options",
    [
        ("--secret", "secret.json", "--words"),
        (),
        ("--secret", "secret.json", "--unnamed", "--withdraw"),
        ("--secret", "secret.json", "--name", "A", "--step-forward", "A"),
        ("--secret", "secret.json", "--role", "Engineering"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_use(folder: Path, options: tuple[str, ...]) -> None:
    assert run("sign", "bundle.zip", "--yes", *options).exit_code == 2


def test_where_two_letters_are_open_one_must_be_named(folder: Path) -> None:
    scribe, first = play()
    second = scribe.open_letter()
    (folder / "two.zip").write_bytes(zipped(scribe.publish()))
    arguments = ("sign", "two.zip", "--secret", "secret.json", "--yes")
    unclear = run(*arguments)
    assert unclear.exit_code == 2
    assert first.hex() in unclear.stderr
    assert second.hex() in unclear.stderr
    chosen = run(*arguments, "--letter", second.hex()[:10])
    assert parse_entry(parse_submission(chosen.stdout.encode()).leaf).data["letter"] == second.hex()


def test_a_letter_that_is_over_is_not_signed(folder: Path) -> None:
    scribe, letter = play()
    scribe.close(letter)
    (folder / "closed.zip").write_bytes(zipped(scribe.publish()))
    for which in ((), ("--letter", letter.hex())):
        # Without --yes: it is refused before anything is asked.
        result = run("sign", "closed.zip", "--secret", "secret.json", *which, stdin="")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "hint: Nothing more is counted for this letter." in result.stderr


def test_by_the_clock_of_the_machine_it_warns_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruban.cli.sign.time", SimpleNamespace(time=lambda: NOON + 7200))
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--yes")
    assert result.exit_code == 0
    assert "warning: by this machine's clock the letter closed at" in result.stderr


def test_before_unnamed_signing_opens_it_says_when_to_submit(folder: Path) -> None:
    scribe = _letter(unnamed_from=NOON + 1800)
    result = run("sign", _put(folder, scribe), "--secret", "own.json", "--yes")
    assert result.exit_code == 0
    assert "Signing without a name opens at 2025-11-22 09:00 UTC: submit it then." in result.stderr


def test_too_few_enrolled_to_hide_among_is_refused_before_anything_is_asked(folder: Path) -> None:
    scribe = _letter(ring_min=13)
    result = run("sign", _put(folder, scribe), "--secret", "own.json")
    assert result.exit_code == 1
    assert "expected at least 13, for signing without a name, got 12" in result.stderr
    assert run("sign", "own.zip", "--secret", "own.json", "--yes", "--name", "Member 0").exit_code == 0


def test_a_letter_without_unnamed_signing_refuses_it(folder: Path) -> None:
    scribe = _letter(ways=["name"])
    result = run("sign", _put(folder, scribe), "--secret", "own.json", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")


def _letter(**changes: object) -> Scribe:
    scribe = Scribe()
    scribe.open_group()
    scribe.enrol(12)
    scribe.epoch()
    scribe.open_letter(**changes)
    assert not scribe.findings
    return scribe


def _put(folder: Path, scribe: Scribe) -> str:
    (folder / "own.zip").write_bytes(zipped(scribe.publish()))
    (folder / "own.json").write_bytes(encode_secret_file(scribe.secrets[0]))
    return "own.zip"


def test_the_unnamed_member_of_the_stage_has_signed() -> None:
    signed = stage().scribe.state.letters[stage().letter].signatures
    assert stage().scribe.slot_secret(stage().letter, UNNAMED_MEMBER).tag in signed
    assert stage().scribe.slot_secret(stage().letter, OPEN_MEMBER).tag not in signed


def _hotel(folder: Path, members: int = 20) -> Scribe:
    """Even members are in the kitchen; the bundle is hotel.zip, and member 3 has not signed."""
    scribe = Scribe(roles=("Cuisine", "Salle"), electorate=60)
    scribe.open_group()
    scribe.enrol(members)
    scribe.epoch()
    scribe.open_letter(selectors=["all", "role:Cuisine", "role:Salle"])
    (folder / "hotel.zip").write_bytes(zipped(scribe.publish()))
    (folder / "cook.json").write_bytes(encode_secret_file(scribe.secrets[4]))
    return scribe


def test_by_role_hides_among_those_with_it_and_says_so(folder: Path) -> None:
    _hotel(folder)
    result = run("sign", "hotel.zip", "--secret", "cook.json", "--by-role", "--yes", "--json")
    shown = json.loads(result.stdout)
    assert (shown["way"], shown["hiding"]["role"], shown["hiding"]["hidden_among"]) == ("by_role", "Cuisine", 10)
    assert json.loads(json.loads(shown["submission"])["entry"])["selector"] == "role:Cuisine"
    asked = run("sign", "hotel.zip", "--secret", "cook.json", "--by-role", stdin="no\n")
    assert "Of the 10 with your role (Cuisine), 0 have signed by name and about 1 without" in asked.stderr


def test_by_role_where_too_few_have_it_is_refused_before_anything_is_asked(folder: Path) -> None:
    _hotel(folder, 18)
    result = run("sign", "hotel.zip", "--secret", "cook.json", "--by-role", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "expected at least 10 rows with the role, and as many without, got 9 with it, 9 without" in result.stderr
    assert "hint: Sign as one of all instead" in result.stderr


def test_by_role_where_the_letter_has_none_is_refused(folder: Path) -> None:
    result = run("sign", "bundle.zip", "--secret", "secret.json", "--by-role", "--yes")
    assert result.exit_code == 1
    assert "one by which this letter may be signed" in result.stderr


def test_a_verdict_counts_by_role(folder: Path) -> None:
    scribe = _hotel(folder)
    [letter] = scribe.state.letters
    scribe.batch(scribe.unnamed(letter, 2, selector="role:Cuisine"), scribe.named(letter, 3))
    (folder / "hotel.zip").write_bytes(zipped(scribe.publish()))
    said = run("verify", "hotel.zip").stdout
    assert "  in Cuisine: 10 enrolled; 0 by name, 1 as one of them\n" in said
    assert "  in Salle: 10 enrolled; 1 by name, 0 as one of them\n" in said
