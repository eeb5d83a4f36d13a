"""The share card of a public letter: title and count as an image, made on this server."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.errors import Message
from ruban.primitives.encoding import parse_hex
from ruban.web.access import page_for_token
from ruban.web.errors import NotFound
from ruban.web.headers import EACH_TIME
from ruban.web.letters.card import card_of
from ruban.web.middleware import only
from ruban.web.site import site


@only("GET")
def card(request: HttpRequest, token: str) -> HttpResponse:
    """A PNG of 1200 by 630; none before the letter is public."""
    page = page_for_token(token)
    if page.letter_id is None or not page.public or site().under_review is not None:
        raise NotFound("card", Message("that of a public letter"), Message("none"))
    response = HttpResponse(card_of(site(), parse_hex("letter", page.letter_id, 32)), content_type="image/png")
    response.headers["Cache-Control"] = EACH_TIME[1]
    return response
