"""Names and comments that organisers hide for abuse, with their reason; the count stands."""

from __future__ import annotations

from ruban.errors import Message, RuleBroken
from ruban.proof import Claim
from ruban.record.deeds import Deed, Strike
from ruban.record.entry import Entry, verify_quorum
from ruban.record.rules.letter import find_letter
from ruban.record.rules.rule import Placed, note_act, note_commitments, require_time
from ruban.record.state import State


def _struck_by(entry: Entry) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(commitment) for commitment in entry.data["commitments"])


class StruckRule:
    """Any one organiser may hide what a signer of this letter gave to be read, once, and nothing else."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, entry = state.opened, placed.entry
        letter = find_letter(state, entry)
        verify_quorum(group.origin, entry, group.organisers, 1)
        require_time(state, placed.time)
        given = state.given(letter, withdrawn=True)
        for commitment in _struck_by(entry):
            if commitment not in given:
                names = Message("names and comments of this letter")
                raise RuleBroken("commitments", names, commitment.hex())
            if commitment in state.struck or commitment in state.erased:
                seen = Message("what is neither struck nor erased yet")
                raise RuleBroken("commitments", seen, commitment.hex())

    def apply(self, state: State, placed: Placed) -> None:
        letter = find_letter(state, placed.entry)
        commitments, reason = _struck_by(placed.entry), placed.entry.bytes_of("reason")
        state.struck.update(commitments)
        letter.strikes.append(Strike(index=placed.index, at=placed.time, commitments=commitments, reason=reason))
        state.clock = placed.time
        note_commitments(state, placed.index, [reason])
        note_act(state, placed, Deed.STRUCK, letter.letter_id)
