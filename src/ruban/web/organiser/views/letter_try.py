"""Try a draft with five people: they read it, choose a way and see what would be public. Nothing is kept of it.

The link is not the letter's own: whoever tries the draft needs no sign-in, no code and no enrolment, and leaves nothing
behind, not even that they came. It ends when the organisers take it back, or when the letter opens.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message
from ruban.web.address import new_token
from ruban.web.errors import NotFound
from ruban.web.letters.draft import draft_version
from ruban.web.letters.models import LetterPage
from ruban.web.middleware import only
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.letter_find import address_of, draft_at
from ruban.web.organiser.models import Organiser
from ruban.web.pages import language_of_request, render
from ruban.web.site import site

KEY = "rehearsal"
"""Where a draft holds the secret of its link."""


@for_organisers("POST")
def letter_rehearse(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Make the link, or end it."""
    with site().kept.lock:
        page, draft = draft_at(token)
        kept = {name: value for name, value in draft.items() if name != KEY}
        page.draft = kept | {KEY: new_token()} if "yes" in request.POST else kept
        page.save(update_fields=["draft"])
    return HttpResponseRedirect(address_of(page) + "#try")


@only("GET")
def letter_try(request: HttpRequest, token: str, secret: str) -> HttpResponse:
    """The walk: the letter and the ways first, then what the chosen one would show."""
    page = LetterPage.objects.filter(token=token, letter_id__isnull=True).first()
    draft: dict[str, Any] = (page.draft if page is not None else None) or {}
    if not hmac.compare_digest(draft.get(KEY, ""), secret):
        raise NotFound("letter", Message("one at this address"), Message("none"))
    way = request.GET.get("way")
    context = {
        "own": draft_version(draft, language_of_request(request)),
        "ways": draft["ways"],
        "way": way if way in draft["ways"] else None,
    }
    return render(request, "organiser/letter/try.html", context)


def rehearsal_address(page: LetterPage) -> str | None:
    """The whole address of the walk; None while there is none."""
    secret = (page.draft or {}).get(KEY)
    return None if secret is None else site().addresses().absolute(address_of(page, "try", secret))
