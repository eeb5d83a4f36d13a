"""People who are about to be invited, and how their list was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruban.people.file import Person, Preview, normalised_identifier
from ruban.service.code_days import last_day
from ruban.service.keeper import Keeper


@dataclass(frozen=True, slots=True)
class Addition:
    """People to invite, once an organiser has looked at how the list was read."""

    preview: Preview = field(repr=False)
    fresh: tuple[Person, ...] = field(repr=False)
    known: int
    """How many of the list are left out, since they have been invited: enrolled or not, which is not said."""
    expires: int | None
    """When the codes will end."""

    @property
    def last_day(self) -> str | None:
        """The codes' last day, `2026-11-22`; None: they have no end."""
        return None if self.expires is None else last_day(self.expires).isoformat()


def addition_of(keeper: Keeper, preview: Preview, expires: int | None) -> Addition:
    """Those on the list who have not been invited yet; raises the first error of the list, if it has any."""
    everybody = preview.people()
    with keeper.lock:
        waiting = keeper.desk.unused_identifiers()
        fresh = tuple(person for person in everybody if not _is_known(keeper, waiting, person))
    return Addition(preview, fresh, len(everybody) - len(fresh), expires)


def _is_known(keeper: Keeper, waiting: dict[bytes, bytes], person: Person) -> bool:
    identifier = normalised_identifier(person.identifier)
    return identifier in waiting or keeper.store.is_spent(keeper.spent(identifier))
