"""No member's entry, and no accident of clock, crash or thread, leaves a record with which the server cannot go on."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from ruban.errors import HeadMoved, LetterClosed, TagReused
from ruban.log.receipt import open_promise
from ruban.primitives.randomness import random_bytes
from ruban.proof import Claim, MemberSecret, verify_batch
from ruban.proof.secret import SLOT_MATERIAL_BYTES
from ruban.record.entry import make_entry
from ruban.record.member import make_row, name_opening, sign_by_name, sign_unnamed
from ruban.record.state import Letter
from ruban.service import release as releasing
from ruban.service.change_letter import change_letter
from ruban.service.codes import code_hash, new_code, parse_code
from ruban.service.enrol import Enrolment, enrol
from ruban.service.keeper import Keeper
from ruban.service.open_letter import open_letter
from ruban.service.release import release
from ruban.service.submit import submit, submit_many
from ruban.store.desk import Invitation
from ruban.store.ports import Submitted
from tests.service.cast import DAY, Cast, cast_of, draft


def _due(cast: Cast, submitted: Submitted) -> int:
    group = cast.keeper.state.opened
    return open_promise(submitted.promise, group.origin, group.receipt_key).due_unix_seconds


def _the_letter(cast: Cast) -> Letter:
    [letter] = cast.keeper.state.letters.values()
    return letter


def _release_until_unnamed_is(cast: Cast, count: int) -> None:
    for _ in range(200):
        if _the_letter(cast).unnamed == count:
            return
        cast.release()
    raise AssertionError("never released")


@pytest.mark.parametrize("way", ["unnamed", "name"])
def test_one_tag_under_two_letters_is_refused_while_the_first_waits(tmp_path: Path, way: str) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        # A secret as no honest device makes it: the same key in two slots, in stubs that differ.
        key, fresh = random_bytes(64), cast.secrets[0]
        cast.secrets[0] = forger = MemberSecret(
            roll_id=fresh.roll_id,
            row_seed=fresh.row_seed,
            claim_salt=fresh.claim_salt,
            slots=tuple((slot, key + random_bytes(SLOT_MATERIAL_BYTES - 64)) for slot in range(2)),
        )
        cast.enrol(range(12))
        cast.release()
        state, letters = cast.keeper.state, [cast.open_letter(), cast.open_letter()]
        first, second = (
            sign_unnamed(state, it, forger) if way == "unnamed" else sign_by_name(state, it, forger, cast.name(0))
            for it in letters
        )
        submit(cast.keeper, first, cast.now)
        with pytest.raises(TagReused):
            submit(cast.keeper, second, cast.now)
        submit_many(cast.keeper, [sign_unnamed(state, letters[0], cast.secrets[i]) for i in range(1, 6)], cast.now)
        cast.release()
        assert [it.signed for it in letters] == [6, 0]
        cast.reopen()
        assert cast.verdict().holds


def test_an_entry_sent_while_the_clock_was_fast_waits_until_its_time_comes(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        text = draft(cast.now + DAY, cast.now + 8 * DAY)
        letter = cast.keeper.state.letters[open_letter(cast.keeper, text, cast.now)]
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0)), letter.opening + 5)
        cast.release()
        assert letter.signed == 0
        cast.reopen()
        cast.now += DAY
        cast.release()
        assert _the_letter(cast).signed == 1
        assert cast.verdict().holds


def test_a_clock_put_back_a_day_releases_nobody_without_company(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=7200) as cast:
        letter = cast.open_letter(seconds=9 * DAY)
        cast.now += 3 * DAY
        state, secrets = cast.keeper.state, cast.secrets
        submit_many(cast.keeper, [sign_unnamed(state, letter, secret) for secret in secrets[:5]], cast.now)
        cast.release()
        submit(cast.keeper, sign_unnamed(state, letter, secrets[5]), cast.now - DAY)
        cast.release()
        assert letter.unnamed == 5
        _release_until_unnamed_is(cast, 6)
        cast.reopen()
        assert cast.verdict().holds


def test_the_same_signature_again_after_the_closing_has_its_promise(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        signed = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
        first = submit(cast.keeper, signed, letter.closing - 1)
        assert submit(cast.keeper, signed, letter.closing + 1) == first
        other = sign_unnamed(cast.keeper.state, letter, cast.secrets[1])
        with pytest.raises(LetterClosed):
            submit(cast.keeper, other, letter.closing + 1)


def test_a_promise_is_kept_though_the_letter_is_extended(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=7200) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        cast.now = letter.closing - 2 * cast.window
        state, secrets = cast.keeper.state, cast.secrets
        submit_many(cast.keeper, [sign_unnamed(state, letter, secret) for secret in secrets[2:7]], cast.now)
        # Released in this batch, they are no company for one who comes after it.
        cast.release()
        cast.now = letter.closing - 1800
        due = _due(cast, submit(cast.keeper, sign_unnamed(state, letter, secrets[0]), cast.now))
        change_letter(cast.keeper, letter, "extend", "more time", cast.now, closing=letter.closing + 5 * DAY)
        _release_until_unnamed_is(cast, 6)
        assert cast.now <= due
        cast.now = letter.closing - 1800
        signed = sign_unnamed(cast.keeper.state, letter, cast.secrets[1])
        # It cannot be extended again.
        assert _due(cast, submit(cast.keeper, signed, cast.now)) == letter.closing + 3600


def test_a_promise_is_kept_though_the_server_was_down(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=7200) as cast:
        letter = cast.open_letter(seconds=9 * DAY)
        due = _due(cast, submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now))
        cast.now += 5 * 3600
        _release_until_unnamed_is(cast, 1)
        assert cast.now <= due


def test_a_promise_is_kept_though_the_release_that_was_due_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path, window=7200) as cast:
        letter = cast.open_letter(seconds=9 * DAY)
        due = _due(cast, submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now))
        cast.now += DAY - cast.window
        with monkeypatch.context() as patched:
            patched.setattr(Keeper, "append", _killed)
            with pytest.raises(KeyboardInterrupt):
                cast.release()
        cast.reopen()
        _release_until_unnamed_is(cast, 1)
        assert cast.now <= due


def _killed(*args: object, **kwargs: object) -> None:
    raise KeyboardInterrupt


def test_a_batch_too_large_for_one_transaction_parts_nobody_from_their_company(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "MAX_BATCH", 5)
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        state = cast.keeper.state
        unnamed = [sign_unnamed(state, letter, secret) for secret in cast.secrets[:8]]
        named = [sign_by_name(state, letter, cast.secrets[i], cast.name(i)) for i in range(8, 12)]
        submit_many(cast.keeper, [*unnamed, *named], cast.now)
        cast.release()
        assert (letter.unnamed, letter.named) == (8, 4)
        cast.reopen()
        assert cast.verdict().holds


def test_a_letter_is_not_closed_between_the_admission_of_an_entry_and_its_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        closing = threading.Thread(target=release, args=(cast.keeper, letter.closing))

        def closed_meanwhile(claims: Sequence[Claim]) -> None:
            closing.start()
            closing.join(0.2)
            verify_batch(claims)

        monkeypatch.setattr("ruban.service.intake.verify_batch", closed_meanwhile)
        signed = sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0))
        submit(cast.keeper, signed, letter.closing - 1)
        closing.join()
        assert letter.closed
        assert letter.signed == 1


def test_a_keeper_whose_replay_fell_behind_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0)), cast.now)
        with monkeypatch.context() as patched:
            patched.setattr(Keeper, "read", _killed)
            with pytest.raises(KeyboardInterrupt):
                cast.release()
        erasure = {"kind": "erasure", "v": 1, "commitments": [letter.texts[0].title.hex()], "reason": "request"}
        with pytest.raises(HeadMoved):
            cast.keeper.append_entry(make_entry(erasure))
        cast.reopen()
        assert _the_letter(cast).signed == 1
        assert cast.verdict().holds


def test_a_name_spelled_with_combining_accents_is_the_same_name(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        secret = cast.secrets[0]
        assert name_opening(secret, "Zoe\u0301") == name_opening(secret, "Zoé")


def test_a_row_beyond_the_entitled_waits_rather_than_stand_in_the_record_as_a_fault(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=12, enrolled=11) as cast:
        # As if the drawer had been filled by hand: one invitation more than there are entitled.
        code = new_code()
        stranger = Invitation(
            code_hash=code_hash(cast.keeper.keys.group_key, parse_code(code)), name="Zed", identifier=b"zed", role=None
        )
        cast.keeper.desk.add_invitations([stranger])
        row = make_row(cast.keeper.state, MemberSecret.fresh(cast.keeper.state.opened.roll_id), "Zed")
        cast.enrol(range(11, 12))
        enrol(cast.keeper, Enrolment(code, row), cast.now)
        cast.release()
        cast.reopen()
        assert len(cast.keeper.state.roll.rows) == 12
        assert len(cast.keeper.store.pending()) == 1
        assert cast.verdict().holds
