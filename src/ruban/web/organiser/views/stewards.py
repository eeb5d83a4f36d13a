"""Share the list out among colleagues, take a part back, and a colleague's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message
from ruban.primitives.encoding import encode_base64
from ruban.web.address import ORGANISER
from ruban.web.errors import NotFound
from ruban.web.middleware import only
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.codes import Codes
from ruban.web.organiser.holding import holding
from ruban.web.organiser.models import Organiser, StewardShare
from ruban.web.organiser.pages import show
from ruban.web.organiser.stewards import MAX_STEWARDS_COUNT, share_at, share_out
from ruban.web.organiser.typed import lines
from ruban.web.pages import render
from ruban.web.site import site


@for_organisers("GET", "POST")
def share(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Who helps; then a link for each of them, shown once."""
    codes = holding.find(request, token, Codes)
    labels = lines(request.POST.get("labels", ""))
    context = {"codes": codes, "most": MAX_STEWARDS_COUNT, "parts": [], "labels": "\n".join(labels), "wrong": None}
    if request.method != "POST":
        return show(request, me, "organiser/share.html", context)
    most = min(MAX_STEWARDS_COUNT, codes.count)
    if not 1 <= len(labels) <= most:
        context["wrong"] = Message("{least} to {most} names, one a line", least=1, most=most)
        return show(request, me, "organiser/share.html", context, status=400)
    context["parts"] = share_out(codes.invited, labels, site().clock())
    return show(request, me, "organiser/share.html", context)


@for_organisers("POST")
def withdraw_share(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Let a colleague's link open nothing more. The codes that they have passed on stay good."""
    if not StewardShare.objects.filter(token=token).delete()[0]:
        raise NotFound("page", Message("a part that was shared out"), Message("none"))
    return HttpResponseRedirect(f"{ORGANISER}people/?done=share-withdrawn")


@only("GET")
def steward(request: HttpRequest, token: str) -> HttpResponse:
    """A colleague's page: their part, opened in their own browser. It sets no cookie and asks for no sign-in."""
    found = share_at(token, site().clock())
    sealed = encode_base64(bytes(found.sealed))
    context = {"token": token, "sealed": sealed, "people": found.people, "until": found.until}
    return render(request, "organiser/steward.html", context)
