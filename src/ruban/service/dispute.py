"""Somebody finds that their code was used by another: it is said in the record, and settled there."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from ruban.errors import FormatError, InvitationUnknown, Message, Refused
from ruban.record.commitment import commit_line
from ruban.record.entry import make_entry
from ruban.record.replay import RULES
from ruban.record.rules.rule import Placed
from ruban.service.claims import claims_of
from ruban.service.codes import code_hash, parse_code
from ruban.service.intake import Answer, Candidate, sent_before, take
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.release import release
from ruban.store.ports import Pending, Submitted

ID_BYTES = 16
_PURPOSE = b"ruban/dispute/v1"


def dispute_many(keeper: Keeper, codes: Sequence[str], now: int) -> list[Answer]:
    """For each code that somebody has used, a dispute that is released with the next batch; a promise each.

    The same code again is the same dispute. Whoever has the code can say so, and nobody else learns whether it was
    used. FormatError, InvitationUnknown for a code of no invitation, Refused for one that is not used yet.
    """
    return take(keeper, codes, lambda code: _prepare(keeper, code, now))


def _prepare(keeper: Keeper, code: str, now: int) -> Candidate | Submitted:
    hashed = code_hash(keeper.keys.group_key, parse_code(code))
    invitation = keeper.desk.invitation(hashed)
    if invitation is None:
        raise InvitationUnknown("code", Message("a code of this group"), Message("another"))
    if not invitation.used:
        raise Refused(
            "code",
            Message("one that somebody has used"),
            Message("one that is still good"),
            hint=Message("Enrol with it: nobody has."),
        )
    # Follows from the code, so that it is said once; and from the group's key, so that nobody else can tell whose.
    key = hmac.digest(keeper.keys.group_key, _PURPOSE, hashlib.sha256)
    dispute = hmac.digest(key, hashed, hashlib.sha256)[:ID_BYTES]
    entry = make_entry({"kind": "dispute", "v": 1, "id": dispute.hex()})
    if (known := sent_before(keeper, entry.leaf, now)) is not None:
        return known
    RULES[entry.kind].check(keeper.state, Placed(entry, keeper.state.size, now))
    promise = keeper.promise(entry.leaf, now, None)
    return Candidate(Pending(leaf=entry.leaf, promise=promise, claims=claims_of(entry)), None)


@one_at_a_time
def settle_dispute(keeper: Keeper, dispute: bytes, reason: str, now: int, by: Sequence[int] | None = None) -> None:
    """Close an open dispute for a reason that everybody reads; RuleBroken for one that is not open.

    `by` are the organisers who sign; all whose keys are here if None.
    """
    if not reason.strip():
        raise FormatError("reason", Message("a reason"), Message("nothing"))
    opened = commit_line("reason", reason)
    release(keeper, now)
    entry = keeper.signed(
        {
            "kind": "dispute.settled",
            "v": 1,
            "id": dispute.hex(),
            "reason": opened.commitment.hex(),
            "at": max(now, keeper.state.clock),
        },
        by,
    )
    keeper.append_entry(entry, openings=[opened])
