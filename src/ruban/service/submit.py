"""Take signatures, and what signers say later: parsed strictly, judged by the rules of the recount, durable."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.errors import CommitmentInvalid, FormatError, Message
from ruban.record.commitment import Opening, parse_claim, parse_comment, verify_opening
from ruban.record.entry import Entry, parse_entry
from ruban.record.replay import admit
from ruban.record.rules.letter import find_letter
from ruban.record.submission import Submission
from ruban.service.claims import claims_of
from ruban.service.intake import Answer, Candidate, sent_before, take, take_one
from ruban.service.keeper import Keeper
from ruban.store.ports import Pending, Submitted


def submit(keeper: Keeper, submission: Submission, now: int) -> Submitted:
    """Acknowledge an entry, with a promise, once it is durable.

    The same entry again gives the same promise, and counts once. FormatError, VerificationError or Refused if the
    record will not take it; nothing is kept then.
    """
    return take_one(keeper, submission, lambda one: _prepare(keeper, one, now))


def submit_many(keeper: Keeper, submissions: Sequence[Submission], now: int) -> list[Answer]:
    """`submit` for many, with one batch of proofs and one transaction: an acknowledgement or an error for each."""
    return take(keeper, submissions, lambda one: _prepare(keeper, one, now))


def _prepare(keeper: Keeper, submission: Submission, now: int) -> Candidate | Submitted:
    entry = parse_entry(submission.leaf)
    if (known := sent_before(keeper, entry.leaf, now)) is not None:
        return known
    if entry.kind == "roll.row":
        raise FormatError("entry", Message("a signature or a statement"), Message("a row, which needs a code"))
    claim = admit(keeper.state, entry, now)
    letter = find_letter(keeper.state, entry)
    pending = Pending(
        leaf=entry.leaf,
        promise=keeper.promise(entry.leaf, now, letter),
        claims=claims_of(entry),
        openings=_checked_openings(keeper, entry, submission.openings),
    )
    return Candidate(pending, claim)


def _checked_openings(keeper: Keeper, entry: Entry, openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """Exactly the opening of the claim where a name is given, of the text where one comments, and none elsewhere."""
    given = "claim" if "claim" in entry.data else "text" if "text" in entry.data else None
    if given is None:
        if openings:
            raise FormatError("open", Message("no opening"), str(len(openings)))
        return ()
    if len(openings) != 1:
        raise CommitmentInvalid("open", Message("the opening of what is given"), str(len(openings)))
    [opening], commitment = openings, entry.bytes_of(given)
    verify_opening(commitment, opening)
    if given == "claim":
        parse_claim(opening.payload)
        return openings
    parse_comment("comment", opening.payload)
    # One opening would then serve two ends, and who erases a comment would erase a title.
    if commitment in keeper.state.commitments:
        raise CommitmentInvalid("text", Message("a commitment that the record does not have"), commitment.hex())
    return openings
