"""What organisers want done with a letter of the record, where the group asks for more than one of them.

In memory alone, for a day: after a restart they ask again. Nothing is done before enough have asked for the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ASK_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of a letter, as change_letter takes it."""

    action: str
    reason: str
    closing: int | None = None
    successor: bytes | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a change, and until when the others can say so."""

    change: Change
    places: frozenset[int]
    until: int


@dataclass(slots=True)
class Wishes:
    """One wish for each letter: another change replaces it. Hold the keeper's lock."""

    _kept: dict[bytes, Wish] = field(default_factory=dict)

    def of(self, letter_id: bytes, now: int) -> Wish | None:
        """The wish that waits; None if there is none, or it is too old."""
        wish = self._kept.get(letter_id)
        return wish if wish is not None and wish.until > now else None

    def add(self, letter_id: bytes, change: Change, place: int, now: int) -> Wish:
        """The wish with this organiser's place in it; who wanted another change is not counted for this one."""
        wish = self.of(letter_id, now)
        before = wish.places if wish is not None and wish.change == change else frozenset()
        made = self._kept[letter_id] = Wish(change, before | {place}, now + ASK_SECONDS)
        return made

    def drop(self, letter_id: bytes) -> None:
        """Forget the wish: it has been fulfilled."""
        self._kept.pop(letter_id, None)


wishes = Wishes()
