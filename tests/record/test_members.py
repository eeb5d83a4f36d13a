"""What a member's device makes counts where it is sent, and travels and rests in one form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError, Refused, RuleBroken, TagReused
from ruban.proof import MemberSecret
from ruban.record import member
from ruban.record.commitment import Opening
from ruban.record.entry import parse_entry
from ruban.record.secret_file import encode_secret_file, parse_secret_file
from ruban.record.submission import Submission, encode_submission, parse_submission
from tests.record.pairs import faults_of
from tests.scribe import Scribe, letter_of_twelve


def _entry(submission: Submission) -> dict[str, object]:
    return dict(parse_entry(submission.leaf).data)


@pytest.mark.parametrize("per_slot", [False, True])
def test_a_member_enrols_signs_steps_forward_and_withdraws(per_slot: bool) -> None:
    scribe, _ = letter_of_twelve()
    new = MemberSecret.fresh_per_slot(scribe.roll_id, 2) if per_slot else MemberSecret.fresh(scribe.roll_id)
    scribe.batch(_entry(member.make_row(scribe.state, new, "Zoë")))
    scribe.epoch()
    letter = scribe.state.letters[scribe.open_letter()]
    scribe.batch(_entry(member.sign_unnamed(scribe.state, letter, new)))
    assert (letter.named, letter.unnamed) == (0, 1)
    scribe.batch(_entry(member.step_forward(scribe.state, letter, new, "Zoë")))
    assert (letter.named, letter.unnamed) == (1, 0)
    scribe.batch(_entry(member.withdraw(scribe.state, letter, new)))
    assert faults_of(scribe) == []
    assert (letter.signed, letter.withdrawn) == (0, 1)


def test_members_who_share_a_machine_sign_together_each_in_their_own_block(monkeypatch: pytest.MonkeyPatch) -> None:
    # A roll above 4,096 rows has blocks; a roll of 12 has two where a ring may hold 8 only.
    monkeypatch.setattr("ruban.proof.ring.MAX_RING", 8)
    monkeypatch.setattr(member, "MAX_RING", 8)
    monkeypatch.setattr("ruban.record.rules.letter.LEAST_RING", 2)
    scribe, letter_id = letter_of_twelve()
    letter = scribe.state.letters[scribe.open_letter(ring_min=2)]
    assert letter_id != letter.letter_id
    made = member.sign_unnamed_together(scribe.state, letter, scribe.secrets)
    tags = [secret.slot(letter.slot).tag.hex() for secret in scribe.secrets]
    assert [str(_entry(submission)["proof"])[:64] for submission in made] == tags
    assert {_entry(submission)["selector"] for submission in made} == {"all#0/2", "all#1/2"}
    scribe.batch(*[_entry(submission) for submission in made])
    assert faults_of(scribe) == []
    assert letter.unnamed == 12


def test_a_member_signs_by_name_and_the_opening_is_that_of_the_rows_claim() -> None:
    scribe, letter_id = letter_of_twelve()
    letter = scribe.state.letters[letter_id]
    signed = member.sign_by_name(scribe.state, letter, scribe.secrets[3], "Member 3")
    scribe.batch(_entry(signed))
    assert faults_of(scribe) == []
    assert signed.openings[0].commitment == scribe.state.roll.rows[3].claim


def test_another_name_than_the_rows_is_found_by_replay() -> None:
    scribe, letter_id = letter_of_twelve()
    signed = member.sign_by_name(scribe.state, scribe.state.letters[letter_id], scribe.secrets[3], "Member 4")
    scribe.batch(_entry(signed))
    assert faults_of(scribe) == [("CommitmentInvalid", "claim")]


def test_a_device_refuses_before_it_sends() -> None:
    scribe, letter_id = letter_of_twelve()
    letter = scribe.state.letters[letter_id]
    with pytest.raises(Refused):
        member.sign_unnamed(scribe.state, letter, MemberSecret.fresh(scribe.roll_id))
    with pytest.raises(RuleBroken):
        member.withdraw(scribe.state, letter, scribe.secrets[0])
    scribe.batch(scribe.unnamed(letter_id, 0))
    with pytest.raises(TagReused):
        member.sign_by_name(scribe.state, letter, scribe.secrets[0], "Member 0")
    wide = scribe.state.letters[scribe.open_letter(ring_min=13)]
    with pytest.raises(RuleBroken, match="13"):
        member.sign_unnamed(scribe.state, wide, scribe.secrets[1])


def test_nobody_signs_before_there_is_an_epoch() -> None:
    scribe = Scribe()
    scribe.open_group()
    letter = letter_of_twelve()[0].state.letters.popitem()[1]
    with pytest.raises(RuleBroken, match="epoch"):
        member.sign_unnamed(scribe.state, letter, MemberSecret.fresh(scribe.roll_id))


SUBMISSION = Submission(b'{"kind":"x"}', (Opening(bytes(32), b"hello"),))
TEXT = encode_submission(SUBMISSION)


def test_a_submission_is_one_text_with_or_without_a_final_line_feed() -> None:
    assert parse_submission(TEXT) == parse_submission(TEXT + b"\n") == SUBMISSION
    assert json.loads(TEXT) == {
        "entry": '{"kind":"x"}',
        "open": [{"payload": b"hello".hex(), "salt": "00" * 32}],
    }


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 255))
def test_a_changed_submission_is_another_one_or_none(place: int, value: int) -> None:
    changed = TEXT[:place] + bytes([value]) + TEXT[place + 1 :]
    try:
        parsed = parse_submission(changed)
    except FormatError:
        return
    assert encode_submission(parsed) == changed


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b'"x"',
        b"{}",
        TEXT + b"\n\n",
        TEXT.replace(b'"open":[', b'"more":1,"open":['),
        TEXT.replace(b'"entry":"', b'"entry":["').replace(b'","open"', b'"],"open"'),
        b'{"entry":"\\u0001","open":[]}',
        b'{"entry":"\\ud800","open":[]}',
        b'{"entry":"x","open":{}}',
        b'{"entry":"x","open":[1]}',
        b'{"entry":"x","open":[{"payload":"","salt":"00"}]}',
        b'{"entry":"x","open":[{"payload":1,"salt":"' + b"00" * 32 + b'"}]}',
        b'{"entry":"x","open":[{"payload":"0","salt":"' + b"00" * 32 + b'"}]}',
        b'{"entry":"x","open":[{"c":"","payload":"","salt":"' + b"00" * 32 + b'"}]}',
        b"[" * 100_000,
        b" " * 400_000,
    ],
)
def test_what_is_no_submission_is_refused(text: bytes) -> None:
    with pytest.raises(FormatError):
        parse_submission(text)


ROLL = bytes([5]) * 32


def test_a_secret_file_gives_the_secret_back_in_both_forms() -> None:
    for secret in (MemberSecret.fresh(ROLL), MemberSecret.fresh_per_slot(ROLL, 3)):
        assert parse_secret_file(encode_secret_file(secret)) == secret


def _without(data: bytes, **changes: object) -> bytes:
    fields = {**json.loads(data), **changes}
    kept = {key: value for key, value in sorted(fields.items()) if value is not None}
    return json.dumps(kept, separators=(",", ":"), sort_keys=True).encode()


SEEDED = encode_secret_file(MemberSecret.from_seed(ROLL, bytes(32)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        _without(SEEDED, seed=None),
        _without(SEEDED, slots=[]),
        _without(SEEDED, suite="Ruban-v2"),
        _without(SEEDED, row_key="ab" * 32),
        _without(SEEDED, claim_salt="ab" * 32),
        _without(SEEDED, roll="ab" * 31),
        _without(SEEDED, seed="AB" * 32),
        _without(SEEDED, more=1),
        _without(SEEDED, seed=None, slots=[{"slot": 1, "material": "ab" * 192}, {"slot": 0, "material": "cd" * 192}]),
        _without(SEEDED, seed=None, slots=[{"slot": 96, "material": "ab" * 192}]),
    ],
)
def test_a_secret_file_of_another_form_is_refused_without_showing_any_of_it(data: bytes) -> None:
    with pytest.raises(FormatError) as wrong:
        parse_secret_file(data)
    assert "abab" not in str(wrong.value).lower()
