"""Put a member on the roll, once per entitled person: the store decides, in the transaction that takes the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ruban.errors import CommitmentInvalid, FormatError, InvitationExpired, InvitationSpent, InvitationUnknown, Message
from ruban.record.commitment import parse_claim, verify_opening
from ruban.record.entry import Entry, parse_entry
from ruban.record.replay import admit
from ruban.record.submission import Submission
from ruban.service.claims import claims_of
from ruban.service.codes import code_hash, parse_code
from ruban.service.intake import Answer, Candidate, sent_before, take
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.desk import Invitation
from ruban.store.ports import Pending, Submitted


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A row, with the code that lets its member in."""

    code: str = field(repr=False)
    submission: Submission


def enrol(keeper: Keeper, enrolment: Enrolment, now: int) -> Submitted:
    """Acknowledge a row, with a promise, once it is durable, and forget whose code it was.

    The opening shows that the name is the invited one; neither it nor its salt is kept. The same row again gives the
    same promise. InvitationUnknown, InvitationSpent, InvitationExpired, CommitmentInvalid for another name or role,
    FormatError, ProofInvalid; nothing is kept then.
    """
    [answer] = enrol_many(keeper, [enrolment], now)
    if isinstance(answer, Submitted):
        return answer
    raise answer


@one_at_a_time
def enrol_many(keeper: Keeper, enrolments: Sequence[Enrolment], now: int) -> list[Answer]:
    """`enrol` for many, with one batch of proofs and one transaction: an acknowledgement or an error for each."""
    answers = take(keeper, enrolments, lambda one: _prepare(keeper, one, now))
    keeper.desk.mark_used(
        [
            code_hash(keeper.keys.group_key, parse_code(enrolment.code))
            for enrolment, answer in zip(enrolments, answers, strict=True)
            if isinstance(answer, Submitted)
        ]
    )
    return answers


def _prepare(keeper: Keeper, enrolment: Enrolment, now: int) -> Candidate | Submitted:
    entry = parse_entry(enrolment.submission.leaf)
    invitation = _invitation(keeper, enrolment.code)
    if (known := sent_before(keeper, entry.leaf, now)) is not None:
        return known
    if entry.kind != "roll.row":
        raise FormatError("entry", Message("a row"), entry.kind)
    _check_good(invitation, now)
    _check_claim(keeper, entry, enrolment.submission, invitation)
    if invitation.identifier is None:
        raise ValueError("an unused invitation names somebody")
    pending = Pending(
        leaf=entry.leaf,
        promise=keeper.promise(entry.leaf, now, None),
        claims=claims_of(entry),
        spent=keeper.spent(invitation.identifier),
    )
    return Candidate(pending, admit(keeper.state, entry, now))


def unused_invitation(keeper: Keeper, code: str, now: int) -> Invitation:
    """The invitation of a code that lets somebody in at `now`.

    FormatError, InvitationUnknown, InvitationSpent, InvitationExpired.
    """
    invitation = _invitation(keeper, code)
    _check_good(invitation, now)
    return invitation


def _check_good(invitation: Invitation, now: int) -> None:
    if invitation.used:
        raise InvitationSpent(
            "code",
            Message("a code not yet used"),
            Message("a used one"),
            hint=Message("If it was not you who used it, tell the organisers at once."),
        )
    if invitation.has_expired(now):
        raise InvitationExpired(
            "code",
            Message("a code that can still be used"),
            Message("one whose last day is over"),
            hint=Message("Ask the organisers for a new code. Nothing was used up."),
        )


def _invitation(keeper: Keeper, code: str) -> Invitation:
    invitation = keeper.desk.invitation(code_hash(keeper.keys.group_key, parse_code(code)))
    if invitation is None:
        raise InvitationUnknown(
            "code",
            Message("a code of this group"),
            Message("another"),
            hint=Message("Check it letter by letter, or ask the person who gave it to you."),
        )
    return invitation


def _check_claim(keeper: Keeper, entry: Entry, submission: Submission, invitation: Invitation) -> None:
    if len(submission.openings) != 1:
        raise CommitmentInvalid("open", Message("the opening of the claim"), str(len(submission.openings)))
    verify_opening(entry.bytes_of("claim"), submission.openings[0])
    name, role = parse_claim(submission.openings[0].payload)
    if name != invitation.name:
        raise CommitmentInvalid(
            "name",
            Message("the name on the invitation"),
            Message("another"),
            hint=Message("If it is misspelt there, ask the organisers to correct the list."),
        )
    if role != entry.data.get("role") or role != (invitation.role if keeper.state.opened.roles else None):
        raise CommitmentInvalid("role", Message("the role on the invitation"), Message("another"))


@one_at_a_time
def has_row(keeper: Keeper, row_key: bytes) -> bool:
    """Whether a row with this key is on the roll or waits for release: its member needs no other."""
    if any(row.key == row_key for row in keeper.state.roll.rows):
        return True
    return any(row.bytes_of("key") == row_key for row in waiting_rows(keeper))


def waiting_rows(keeper: Keeper) -> list[Entry]:
    """The rows that have been acknowledged and wait for release."""
    waiting = (parse_entry(leaf) for leaf in keeper.store.pending())
    return [entry for entry in waiting if entry.kind == "roll.row"]


def repair_desk(keeper: Keeper) -> None:
    """Mark the invitations whose people are on the roll: a crash may have come between the store and the desk."""
    waiting = keeper.desk.unused_identifiers()
    keeper.desk.mark_used([hashed for who, hashed in waiting.items() if keeper.store.is_spent(keeper.spent(who))])
