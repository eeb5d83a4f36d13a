"""What the page that signs says of its letter: enough to know that it is the right one. The text is a link away."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.record.state import State
from ruban.service.keeper import Keeper
from ruban.web.site import Site
from ruban.web.texts import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A letter in one of its languages."""

    letter_id: str
    index: int
    lang: str
    title: str | None
    addressee: str | None
    demands: tuple[str | None, ...]
    opening: int
    closing: int
    ways: tuple[str, ...]
    by_role: bool
    """Whether one may also sign as one of those with one's role."""
    ring_min: int
    kept_until: int | None


def summary_of(site: Site, letter_id: bytes, language: str) -> Summary:
    """The letter in `language` if it has a text in it, else in its first; NotFound if the record has no such letter."""
    site.published_letter(letter_id)
    return site.snapshot(
        f"sign-{language}", letter_id, lambda state, keeper: _summary(state, keeper, letter_id, language)
    )


def _summary(state: State, keeper: Keeper, letter_id: bytes, language: str) -> Summary:
    letter = state.letters[letter_id]
    text = next((text for text in letter.texts if text.lang.partition("-")[0] == language), letter.texts[0])
    return Summary(
        letter_id=letter_id.hex(),
        index=letter.index,
        lang=text.lang,
        title=text_of(keeper, text.title),
        addressee=text_of(keeper, text.addressee),
        demands=tuple(text_of(keeper, demand) for demand in text.demands),
        opening=letter.opening,
        closing=letter.closing,
        ways=letter.ways,
        by_role=len(letter.selectors) > 1,
        ring_min=letter.ring_min,
        kept_until=letter.kept_until,
    )
