"""Once per entitled person, decided by the log's store, and nothing kept that links a person to a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import CommitmentInvalid, FormatError, InvitationSpent, InvitationUnknown, ProofInvalid
from ruban.proof import MemberSecret
from ruban.record.member import make_row
from ruban.record.submission import Submission
from ruban.service.codes import new_code
from ruban.service.enrol import Enrolment, enrol, enrol_many
from ruban.store.ports import Submitted
from tests.service.cast import cast_of


def test_a_member_enrols_and_the_row_is_released(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        answer = enrol(cast.keeper, cast.enrolment(0), cast.now)
        assert not answer.recorded
        cast.release()
        assert len(cast.keeper.state.roll.rows) == 1


def test_the_same_row_again_gets_the_same_promise_even_though_its_code_is_used(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        enrolment = cast.enrolment(0)
        first = enrol(cast.keeper, enrolment, cast.now)
        assert enrol(cast.keeper, enrolment, cast.now) == first
        cast.release()
        assert enrol(cast.keeper, enrolment, cast.now).recorded
        assert len(cast.keeper.state.roll.rows) == 1


def test_a_code_is_spent_by_its_first_row(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        enrol(cast.keeper, cast.enrolment(0), cast.now)
        cast.secrets[0] = MemberSecret.fresh(cast.keeper.state.opened.roll_id)
        with pytest.raises(InvitationSpent) as refused:
            enrol(cast.keeper, cast.enrolment(0), cast.now)
        assert refused.value.field == "code"


def test_two_rows_for_one_code_in_one_request_leave_one(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        first = cast.enrolment(0)
        cast.secrets[0] = MemberSecret.fresh(cast.keeper.state.opened.roll_id)
        answers = enrol_many(cast.keeper, [first, cast.enrolment(0)], cast.now)
        assert isinstance(answers[0], Submitted)
        assert isinstance(answers[1], InvitationSpent)


def test_an_unknown_code_is_told_from_a_mistyped_one(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        row = cast.row(0)
        with pytest.raises(InvitationUnknown):
            enrol(cast.keeper, Enrolment(new_code(), row), cast.now)
        code = cast.invited[0].code
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        with pytest.raises(FormatError):
            enrol(cast.keeper, Enrolment(wrong, row), cast.now)


def test_a_row_that_claims_another_name_is_refused_and_the_code_stays_good(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        other = make_row(cast.keeper.state, cast.secrets[0], "Somebody Else")
        with pytest.raises(CommitmentInvalid) as refused:
            enrol(cast.keeper, Enrolment(cast.invited[0].code, other), cast.now)
        assert refused.value.field == "name"
        enrol(cast.keeper, cast.enrolment(0), cast.now)


def test_a_row_whose_opening_is_not_its_claims_is_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        row = Submission(cast.row(0).leaf, cast.row(1).openings)
        with pytest.raises(CommitmentInvalid) as refused:
            enrol(cast.keeper, Enrolment(cast.invited[0].code, row), cast.now)
        assert refused.value.field == "opening"


def test_a_false_enrolment_proof_is_refused_and_others_in_the_batch_are_not(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        good, bad = cast.enrolment(0), cast.enrolment(1)
        leaf = bad.submission.leaf
        at = leaf.index(b'"proof":"') + len(b'"proof":"') + 64
        # The responses z_s and z_r, exchanged: well-formed, and false.
        swapped = leaf[:at] + leaf[at + 64 : at + 128] + leaf[at : at + 64] + leaf[at + 128 :]
        forged = Enrolment(bad.code, Submission(swapped, bad.submission.openings))
        answers = enrol_many(cast.keeper, [good, forged], cast.now)
        assert isinstance(answers[0], Submitted)
        assert isinstance(answers[1], ProofInvalid)


def test_a_crash_between_store_and_desk_is_repaired_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        with monkeypatch.context() as crash:
            crash.setattr(cast.keeper.desk, "mark_used", lambda hashes: None)
            enrol(cast.keeper, cast.enrolment(0), cast.now)
        assert cast.keeper.desk.invitation_counts() == (14, 0)
        cast.reopen()
        assert cast.keeper.desk.invitation_counts() == (14, 1)


def test_the_folder_forgets_who_enrolled(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=12) as cast:
        cast.keeper.close()
        kept = b"".join(path.read_bytes() for path in cast.folder.rglob("*") if path.is_file())
        assert b"member13@meridian.example" in kept
        assert b"member3@meridian.example" not in kept
        assert b"Member 3" not in kept
