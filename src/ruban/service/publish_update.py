"""Organisers tell those who follow a letter how things stand: dated, in the record, in any languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ruban.errors import FormatError, Message
from ruban.record.commitment import commit, parse_update
from ruban.record.state import Letter
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.release import release


@one_at_a_time
def publish_update(
    keeper: Keeper, letter: Letter, texts: Mapping[str, str], now: int, by: Sequence[int] | None = None
) -> None:
    """Write the news, by language, to the record; any one organiser may, also once the letter has closed.

    FormatError unless each text is one, of at most 8 KiB in UTF-8. `by` are the organisers who sign; all whose keys
    are here if None.
    """
    openings = {lang: commit(text.strip()) for lang, text in texts.items()}
    for lang, opening in openings.items():
        if not opening.payload:
            raise FormatError("update", Message("a text in {lang}", lang=lang), Message("nothing"))
        parse_update("update", opening.payload)
    release(keeper, now)
    entry = keeper.signed(
        {
            "kind": "update",
            "v": 1,
            "letter": letter.letter_id.hex(),
            "texts": [{"lang": lang, "text": opening.commitment.hex()} for lang, opening in openings.items()],
            "at": max(now, keeper.state.clock),
        },
        by,
    )
    keeper.append_entry(entry, openings=list(openings.values()))
