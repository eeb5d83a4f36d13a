"""Invite the entitled: a list that is right as a whole becomes one code each. Codes are shown once and never stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ruban.errors import Message, RuleBroken
from ruban.people.file import Person, normalised_identifier
from ruban.service.codes import code_hash, new_code, parse_code
from ruban.service.enrol import unused_invitation, waiting_rows
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.desk import Invitation


@dataclass(frozen=True, slots=True)
class Invited:
    """One person and the code that is theirs."""

    person: Person
    code: str = field(repr=False)
    expires: int | None = None
    """When it ends, as it was made."""


@one_at_a_time
def invite(
    keeper: Keeper,
    people: tuple[Person, ...],
    hand_out: Callable[[Sequence[Invited]], None] = lambda invited: None,
    *,
    expires: int | None = None,
) -> list[Invited]:
    """A code for each of `people`, good until `expires` (Unix seconds; None: without end); all of them or none.

    `hand_out` puts the codes where they will be read, before any of them is valid. If it raises, nobody is invited:
    codes that were lost on the way cannot be had again.

    RuleBroken if there would be more rows and invitations than the group says are entitled, or if somebody is invited
    or enrolled already: nobody gets two.
    """
    keeper.check_takes_in()
    group = keeper.state.opened
    waiting = keeper.desk.unused_identifiers()
    # Counted in the record, since the drawer may have been lost: it takes no row beyond the entitled.
    total = len(keeper.state.roll.rows) + len(waiting_rows(keeper)) + len(waiting) + len(people)
    if total > group.electorate:
        raise RuleBroken(
            "people",
            Message("at most {n}, the number of the entitled", n=group.electorate),
            str(total),
            hint=Message("Correct the number of the entitled, or the list."),
        )
    invited = []
    for person in people:
        identifier = normalised_identifier(person.identifier)
        if identifier in waiting or keeper.store.is_spent(keeper.spent(identifier)):
            raise RuleBroken(
                "people",
                Message("people not invited before"),
                Message("somebody who was"),
                hint=Message("Leave them out of the list: their code stays good until it is used."),
            )
        if group.roles and person.role not in group.roles:
            raise RuleBroken("role", Message("one of the group's roles"), repr(person.role))
        invited.append(Invited(person, new_code(), expires))
    hand_out(invited)
    keeper.desk.add_invitations(
        Invitation(
            code_hash=code_hash(keeper.keys.group_key, parse_code(one.code)),
            name=one.person.name,
            identifier=normalised_identifier(one.person.identifier),
            role=one.person.role if group.roles else None,
            expires=expires,
        )
        for one in invited
    )
    return invited


@one_at_a_time
def look_up(keeper: Keeper, code: str, now: int) -> Invitation:
    """The invitation of a code that lets somebody in at `now`; it stays good.

    FormatError for what is no code, InvitationUnknown, InvitationSpent, InvitationExpired.
    """
    return unused_invitation(keeper, code, now)
