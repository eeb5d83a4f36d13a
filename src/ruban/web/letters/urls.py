"""Routes of what readers see."""

from __future__ import annotations

from django.urls import URLPattern

from ruban.web.letters.views.home import group
from ruban.web.routing import page

urlpatterns: list[URLPattern] = [page("", group)]
