"""The page on which a member signs: the same bytes for everybody, without account, cookie or address.

What the script needs to know is which letter this is; everything that it computes with it reads from the record.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.primitives.encoding import parse_hex
from ruban.web.access import page_for_token
from ruban.web.middleware import only
from ruban.web.pages import language_of_request, render
from ruban.web.signing.summary import Summary, summary_of
from ruban.web.site import site


@only("GET")
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """The steps of signing, changing one's mind, and withdrawing."""
    found = page_for_token(token)
    letter: Summary | None = None
    if found.letter_id is not None:
        letter = summary_of(site(), parse_hex("letter", found.letter_id, 32), language_of_request(request))
    return render(request, "signing/sign.html", {"base": site().prefix, "token": token, "letter": letter})
