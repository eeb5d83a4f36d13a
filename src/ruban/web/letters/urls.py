"""Routes of what readers see."""

from __future__ import annotations

from django.urls import URLPattern

from ruban.web.address import TOKEN
from ruban.web.letters.views.card import card
from ruban.web.letters.views.check import check
from ruban.web.letters.views.count import count
from ruban.web.letters.views.doubt import doubt
from ruban.web.letters.views.home import group
from ruban.web.letters.views.letter import letter
from ruban.web.letters.views.names import names
from ruban.web.routing import file, page

_LETTER = rf"letters/(?P<token>{TOKEN})/"

urlpatterns: list[URLPattern] = [
    page(_LETTER, letter),
    page(rf"{_LETTER}names/", names),
    page(rf"{_LETTER}check/", check),
    page(rf"{_LETTER}doubt/", doubt),
    file(rf"{_LETTER}card\.png", card),
    file("count/(?P<letter_id>[0-9a-f]{64})", count),
    # Last: whatever ends in a slash could be the path of a group.
    page("", group),
]
