"""Invite the entitled: a list that is right as a whole becomes one code each. Codes are shown once and never stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruban.errors import Message, RuleBroken
from ruban.service.codes import code_hash, new_code, parse_code
from ruban.service.keeper import Keeper
from ruban.service.people_file import Person, normalised_identifier
from ruban.store.desk import Invitation


@dataclass(frozen=True, slots=True)
class Invited:
    """One person and the code that is theirs."""

    person: Person
    code: str = field(repr=False)


def invite(keeper: Keeper, people: tuple[Person, ...]) -> list[Invited]:
    """A code for each of `people`; all of them or none.

    RuleBroken if there would be more invitations than the group says are entitled, or if somebody is invited or
    enrolled already: nobody gets two.
    """
    group = keeper.state.opened
    invited_before, _ = keeper.desk.invitation_counts()
    if invited_before + len(people) > group.electorate:
        raise RuleBroken(
            "people",
            Message("at most {n}, the number of the entitled", n=group.electorate),
            str(invited_before + len(people)),
            hint=Message("Correct the number of the entitled, or the list."),
        )
    waiting = keeper.desk.unused_identifiers()
    invited = []
    for person in people:
        identifier = normalised_identifier(person.identifier)
        if identifier in waiting or keeper.store.is_spent(keeper.spent(identifier)):
            raise RuleBroken("people", Message("people not invited before"), Message("somebody who was"))
        if group.roles and person.role not in group.roles:
            raise RuleBroken("role", Message("one of the group's roles"), repr(person.role))
        invited.append(Invited(person, new_code()))
    keeper.desk.add_invitations(
        Invitation(
            code_hash=code_hash(parse_code(one.code)),
            name=one.person.name,
            identifier=normalised_identifier(one.person.identifier),
            role=one.person.role if group.roles else None,
        )
        for one in invited
    )
    return invited
