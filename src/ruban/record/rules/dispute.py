"""What a recipient says who finds that somebody else used their code, and how the organisers settle it."""

from __future__ import annotations

from dataclasses import replace

from ruban.errors import Message, RuleBroken
from ruban.proof import Claim
from ruban.record.deeds import Deed, Dispute, Settlement
from ruban.record.entry import verify_quorum
from ruban.record.rules.rule import Placed, note_act, note_commitments, require_time
from ruban.record.state import State


class DisputeRule:
    """One more row that may not be its person's. It stands beside the count, and changes none."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        dispute = placed.entry.bytes_of("id")
        if dispute in state.disputes:
            raise RuleBroken("id", Message("one that is not in the record yet"), dispute.hex())
        # Each speaks of a code that was used, and so of a row.
        rows = len(state.roll.rows)
        if len(state.disputes) >= rows:
            raise RuleBroken("dispute", Message("at most {n}, as many as there are rows", n=rows), Message("one more"))

    def apply(self, state: State, placed: Placed) -> None:
        dispute = placed.entry.bytes_of("id")
        state.disputes[dispute] = Dispute(index=placed.index, at=placed.time, key=dispute)


class DisputeSettled:
    """Closed by the organisers' quorum, for a reason that everybody reads; it stays in the record."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, dispute = state.opened, state.disputes.get(placed.entry.bytes_of("id"))
        verify_quorum(group.origin, placed.entry, group.organisers, group.quorum)
        require_time(state, placed.time)
        if dispute is None or dispute.settled is not None:
            raise RuleBroken("id", Message("that of an open dispute"), placed.entry.data["id"])

    def apply(self, state: State, placed: Placed) -> None:
        key, reason = placed.entry.bytes_of("id"), placed.entry.bytes_of("reason")
        state.disputes[key] = replace(state.disputes[key], settled=Settlement(at=placed.time, reason=reason))
        state.clock = placed.time
        note_commitments(state, placed.index, [reason])
        note_act(state, placed, Deed.DISPUTE_SETTLED)
