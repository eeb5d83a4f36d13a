"""Check it yourself: the whole record in one file, the command that recounts it, and the checkpoint to compare."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.access import page_for_token
from ruban.web.letters.views.letter import context_of
from ruban.web.middleware import only
from ruban.web.pages import render
from ruban.web.site import site


@only("GET")
def check(request: HttpRequest, token: str) -> HttpResponse:
    """How to recount without trusting this server."""
    context = context_of(request, page_for_token(token))
    address = site().addresses().absolute(site().addresses().file("letters", token))
    return render(request, "letters/check.html", context | {"record_address": address})
