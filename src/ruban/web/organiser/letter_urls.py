"""Routes of letters for organisers, under /organiser/."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path

from ruban.web.address import TOKEN
from ruban.web.organiser.views.letter_change import letter_change
from ruban.web.organiser.views.letter_edit import letter_edit, letter_load, letter_new
from ruban.web.organiser.views.letter_export import letter_names
from ruban.web.organiser.views.letter_list import letter_list
from ruban.web.organiser.views.letter_open import letter_open
from ruban.web.organiser.views.letter_page import (
    letter_announce,
    letter_delete,
    letter_page,
    letter_public,
    letter_qr,
)
from ruban.web.organiser.views.letter_strike import letter_strike
from ruban.web.organiser.views.letter_try import letter_rehearse, letter_try
from ruban.web.organiser.views.letter_update import letter_update


def _of_letter(route: str, view: Callable[..., HttpResponse]) -> URLPattern:
    return re_path(rf"^letters/(?P<token>{TOKEN})/{route}\Z", view)


letter_urls: list[URLPattern] = [
    path("letters/", letter_list),
    path("letters/new/", letter_new),
    path("letters/load/", letter_load),
    _of_letter("", letter_page),
    _of_letter("edit/", letter_edit),
    _of_letter("announce/", letter_announce),
    _of_letter("delete/", letter_delete),
    _of_letter("rehearse/", letter_rehearse),
    _of_letter(rf"try/(?P<secret>{TOKEN})/", letter_try),
    _of_letter("open/", letter_open),
    _of_letter("public/", letter_public),
    _of_letter("update/", letter_update),
    _of_letter("strike/", letter_strike),
    _of_letter("change/(?P<action>close|extend|cancel|supersede)/", letter_change),
    _of_letter(r"names\.csv", letter_names),
    _of_letter(r"address\.svg", letter_qr),
]
