"""One-time links that sign an organiser in: made on the server or by a colleague, used once, good for a day."""

from __future__ import annotations

import hashlib

from ruban.errors import Message, Refused
from ruban.web.address import ORGANISER, new_token
from ruban.web.organiser.models import Organiser, SignInLink
from ruban.web.site import now

LINK_SECONDS = 24 * 3600


def new_link(organiser: int = 0, at: int | None = None) -> str:
    """The path of a fresh link for the organiser at this place in the record, whose account is made if need be."""
    account, _ = Organiser.objects.get_or_create(place=organiser)
    return link_for(account, at)


def first_link() -> str | None:
    """The path of a link for the first organiser, as long as nobody has ever signed in; None afterwards."""
    if Organiser.objects.filter(signed_in=True).exists():
        return None
    return new_link(0)


def link_for(account: Organiser, at: int | None = None) -> str:
    """The path of a fresh link for an account. It cannot be had again: the server keeps its hash."""
    moment = now() if at is None else at
    SignInLink.objects.filter(until__lte=moment).delete()
    token = new_token()
    SignInLink.objects.create(token_hash=_hash(token), organiser=account, until=moment + LINK_SECONDS)
    return f"{ORGANISER}link/{token}/"


def use_link(token: str, at: int) -> Organiser:
    """Whose link it is, which it ends: Refused, in the same words, for one used, too old, or never made."""
    found = SignInLink.objects.select_related("organiser").filter(token_hash=_hash(token), until__gt=at).first()
    # Of two presses at once only one deletes it.
    if found is None or SignInLink.objects.filter(pk=found.pk).delete()[0] != 1:
        raise Refused(
            "link",
            Message("a link that has not been used, not older than a day"),
            Message("another"),
            hint=Message("Ask for a new one: ruban organiser link, on the server, or a colleague’s “Organisers” page."),
        )
    found.organiser.signed_in = True
    found.organiser.save(update_fields=["signed_in"])
    # A spare one would let whoever made it be two.
    SignInLink.objects.filter(organiser=found.organiser).delete()
    return found.organiser


def _hash(token: str) -> str:
    return hashlib.sha256(b"ruban/organiser-link/v1\x00" + token.encode("ascii")).hexdigest()
