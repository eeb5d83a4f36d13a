"""Somebody else used a code: only who has it can say so, once, and nobody learns who said it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ruban.errors import FormatError, InvitationUnknown, Refused, RubanError, RuleBroken
from ruban.log.receipt import open_promise
from ruban.record.submission import Submission
from ruban.service.codes import code_hash, new_code, parse_code
from ruban.service.dispute import dispute_many, settle_dispute
from ruban.service.submit import submit
from ruban.store.ports import Submitted
from tests.service.cast import Cast, cast_of


def say(cast: Cast, member: int) -> Submitted:
    [answer] = dispute_many(cast.keeper, [cast.invited[member].code], cast.now)
    if isinstance(answer, RubanError):
        raise answer
    return answer


def test_it_is_promised_and_released_with_the_next_batch(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        answer = say(cast, 3)
        opened = cast.keeper.state.opened
        open_promise(answer.promise, opened.origin, opened.receipt_key)
        assert cast.keeper.state.open_disputes == 0
        cast.release()
        assert cast.keeper.state.open_disputes == 1
        verdict = cast.verdict()
        assert verdict.holds
        assert verdict.disputes == 1


def test_the_same_code_says_it_once_before_and_after_release(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        first = say(cast, 3)
        assert say(cast, 3).promise == first.promise
        cast.release()
        assert say(cast, 3).recorded
        cast.release()
        assert cast.keeper.state.open_disputes == 1


def test_a_code_that_is_still_good_is_refused_and_stays_good(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        with pytest.raises(Refused, match="code"):
            say(cast, 12)
        cast.enrol(range(12, 13))
        assert say(cast, 12)


def test_nobody_says_it_without_a_code_of_this_group(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        answers = dispute_many(cast.keeper, [new_code(), "abc"], cast.now)
        assert [type(answer) for answer in answers] == [InvitationUnknown, FormatError]


def test_it_cannot_be_brought_by_another_door(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast, pytest.raises(RubanError):
        submit(cast.keeper, Submission(b'{"id":"' + b"00" * 16 + b'","kind":"dispute","v":1}'), cast.now)


def test_what_the_record_holds_tells_nothing_of_the_code(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        say(cast, 3)
        cast.release()
        [key] = cast.keeper.state.disputes
        hashed = code_hash(cast.keeper.keys.group_key, parse_code(cast.invited[3].code))
        # Not without the group's key, which is in no copy of the record.
        assert key not in (hashed[:16], hashlib.sha256(hashed).digest()[:16])
        leaves = b"".join(cast.keeper.store.entries())
        assert cast.invited[3].code.encode() not in leaves
        assert cast.name(3).encode() not in leaves


def test_it_survives_a_new_start_and_is_settled_for_a_reason(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        say(cast, 3)
        cast.reopen()
        cast.release()
        [key] = cast.keeper.state.disputes
        with pytest.raises(FormatError):
            settle_dispute(cast.keeper, key, " ", cast.now)
        settle_dispute(cast.keeper, key, "They had another device.", cast.now)
        assert cast.keeper.state.open_disputes == 0
        assert cast.verdict().settled[0].reason == "They had another device."
        with pytest.raises(RuleBroken):
            settle_dispute(cast.keeper, key, "Again.", cast.now)
        assert say(cast, 3).recorded


def test_many_at_once_keep_their_order_beside_signatures(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        codes = [cast.invited[member].code for member in (0, 12, 1)]
        answers = dispute_many(cast.keeper, codes, cast.now)
        assert [isinstance(answer, Submitted) for answer in answers] == [True, False, True]
