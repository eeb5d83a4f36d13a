"""Routes of organisers, under /organiser/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from ruban.web.address import TOKEN
from ruban.web.organiser.letter_urls import letter_urls
from ruban.web.organiser.views.home import home
from ruban.web.organiser.views.link import link
from ruban.web.organiser.views.sign_in import leave, sign_in_page

urlpatterns: list[URLPattern] = [
    path("", home),
    path("sign-in/", sign_in_page),
    path("sign-out/", leave),
    re_path(rf"^link/(?P<token>{TOKEN})/\Z", link),
    *letter_urls,
]
