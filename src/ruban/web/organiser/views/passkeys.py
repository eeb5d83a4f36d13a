"""Keep a passkey, remove one, sign in with one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message, Refused
from ruban.web.address import ORGANISER
from ruban.web.errors import NotFound
from ruban.web.middleware import only
from ruban.web.organiser.access import for_organisers, sign_in, slow_down
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.passkeys import authenticate, authentication_options, register
from ruban.web.organiser.views.settings import SETTINGS


@for_organisers("POST")
def add_passkey(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Keep what the browser made."""
    register(request, me, request.POST.get("response", ""), request.POST.get("label", ""))
    return HttpResponseRedirect(f"{SETTINGS}?done=passkey")


@for_organisers("POST")
def remove_passkey(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Forget one of one's own."""
    if not me.passkeys.filter(pk=request.POST.get("passkey", "")).delete()[0]:
        raise NotFound("passkey", Message("one of yours"), Message("none"))
    return HttpResponseRedirect(f"{SETTINGS}?done=passkey-removed")


@only("GET", "POST")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: it says nothing about who is an organiser."""
    problem: Refused | None = None
    slow_down(request)
    if request.method == "POST":
        try:
            organiser = authenticate(request, request.POST.get("response", ""))
        except Refused as refused:
            problem = refused
        else:
            sign_in(request, organiser)
            return HttpResponseRedirect(ORGANISER)
    context = {"problem": problem, "options": authentication_options(request)}
    return show(request, None, "organiser/sign_in.html", context, status=200 if problem is None else 409)
