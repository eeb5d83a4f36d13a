"""Organisers' news on a letter: dated, in the record, also after the letter has closed."""

from __future__ import annotations

from ruban.proof import Claim
from ruban.record.deeds import Deed, Update, UpdateText
from ruban.record.entry import verify_quorum
from ruban.record.rules.letter import check_languages, find_letter
from ruban.record.rules.rule import Placed, note_act, note_commitments, require_time
from ruban.record.state import State


class UpdateRule:
    """Any one organiser may tell; nothing that is counted changes."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, entry = state.opened, placed.entry
        find_letter(state, entry)
        verify_quorum(group.origin, entry, group.organisers, 1)
        require_time(state, placed.time)
        check_languages([text["lang"] for text in entry.data["texts"]])

    def apply(self, state: State, placed: Placed) -> None:
        letter = find_letter(state, placed.entry)
        texts = tuple(
            UpdateText(lang=text["lang"], text=bytes.fromhex(text["text"])) for text in placed.entry.data["texts"]
        )
        letter.updates.append(Update(index=placed.index, at=placed.time, texts=texts))
        state.clock = placed.time
        note_commitments(state, placed.index, [text.text for text in texts])
        note_act(state, placed, Deed.UPDATED, letter.letter_id)
