"""Take back an invitation that has not been used: for good, or for a new code that ends the old one; move all ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ruban.errors import InvitationSpent, InvitationUnknown, Message
from ruban.people.file import Person, normalised_identifier
from ruban.service.code_days import later
from ruban.service.codes import code_hash, new_code, parse_code
from ruban.service.invite import Invited
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.desk import Invitation


@one_at_a_time
def reissue(
    keeper: Keeper,
    identifier: str,
    hand_out: Callable[[Sequence[Invited]], None] = lambda invited: None,
    *,
    expires: int | None = None,
) -> Invited:
    """A new code for somebody whose code was lost, seen or too old; from then on the old one is none of the group's.

    It is good until `expires`, or for as long as the old one would have been, whichever is later. `hand_out` as in
    `invite`: if it raises, the old code stays. InvitationUnknown, InvitationSpent.
    """
    keeper.check_takes_in()
    old = _unused(keeper, identifier)
    person = Person(line=0, name=old.name or "", identifier=identifier.strip(), role=old.role)
    invited = Invited(person, new_code(), later(old.expires, expires))
    hand_out([invited])
    keeper.desk.replace_invitation(
        old.code_hash,
        Invitation(
            code_hash=code_hash(keeper.keys.group_key, parse_code(invited.code)),
            name=old.name,
            identifier=old.identifier,
            role=old.role,
            expires=invited.expires,
        ),
    )
    return invited


@one_at_a_time
def withdraw_invitation(keeper: Keeper, identifier: str) -> None:
    """End somebody's invitation, for whom is not entitled after all. InvitationUnknown, InvitationSpent."""
    keeper.check_takes_in()
    keeper.desk.replace_invitation(_unused(keeper, identifier).code_hash, None)


@one_at_a_time
def end_all(keeper: Keeper, expires: int | None) -> None:
    """Give every code this end (Unix seconds; None: without end), also those whose end is over.

    Everybody's, since what is done one by one tells, one by one, who has enrolled.
    """
    keeper.check_takes_in()
    keeper.desk.set_expiry(expires)


def _unused(keeper: Keeper, identifier: str) -> Invitation:
    normal = normalised_identifier(identifier)
    code = keeper.desk.unused_identifiers().get(normal)
    found = None if code is None else keeper.desk.invitation(code)
    if found is not None and not keeper.store.is_spent(keeper.spent(normal)):
        return found
    if keeper.store.is_spent(keeper.spent(normal)):
        raise InvitationSpent(
            "identifier",
            Message("an invitation not yet used"),
            Message("a used one"),
            hint=Message("Somebody has enrolled with it: that cannot be undone."),
        )
    raise InvitationUnknown(
        "identifier",
        Message("somebody who has been invited"),
        Message("nobody"),
        hint=Message("Write it as in the list: the e-mail address or personnel number."),
    )
