"""Routes of the record's files: of the group's, and of each letter's."""

from __future__ import annotations

from django.urls import URLPattern

from ruban.web.address import TOKEN
from ruban.web.letters.views.record import of_group, of_letter
from ruban.web.routing import file

_FILE = r"(?P<path>checkpoint|policy|ruban\.json|bundle\.zip|(?:tile|payloads|roll|proof|tags)/[0-9a-z/.]{1,120})"

record_urlpatterns: list[URLPattern] = [
    file(rf"letters/(?P<token>{TOKEN})/{_FILE}", of_letter),
    file(_FILE, of_group),
]
