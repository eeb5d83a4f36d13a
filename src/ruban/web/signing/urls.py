"""Routes of signing."""

from __future__ import annotations

from django.urls import URLPattern

from ruban.web.address import TOKEN
from ruban.web.routing import file, page
from ruban.web.signing.views.sign import sign
from ruban.web.signing.views.submit import submit

urlpatterns: list[URLPattern] = [
    page(rf"letters/(?P<token>{TOKEN})/sign/", sign),
    file("submit", submit),
]
