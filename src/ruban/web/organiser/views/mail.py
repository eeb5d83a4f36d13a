"""Mail to those entitled: a dry run that shows what would go to whom, then the button, then how it went."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message
from ruban.web.address import ORGANISER
from ruban.web.mail import body, is_set_up, subject
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.codes import Codes
from ruban.web.organiser.holding import holding
from ruban.web.organiser.mailing import Round, invitations, reminders
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.sent_list import sent_list
from ruban.web.organiser.views.people import people_page
from ruban.web.site import site

HIDDEN_CODE = "·····-·····-·····"


@for_organisers("POST")
def mail_codes(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Get a round of invitations ready to be looked at."""
    made = invitations(holding.find(request, token, Codes))
    return HttpResponseRedirect(f"{ORGANISER}mail/{holding.keep(request, made)}/")


@for_organisers("POST")
def remind(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Get a round of reminders ready, to everybody on the list that was sent."""
    sent = sent_list(request)
    if sent is None:
        return people_page(request, me, wrong={"people": Message("Choose the file with the list.")}, status=400)
    if sent.preview.errors:
        return people_page(request, me, preview=sent.preview, kept=sent, status=400)
    return HttpResponseRedirect(f"{ORGANISER}mail/{holding.keep(request, reminders(sent.preview.people()))}/")


@for_organisers("GET", "POST")
def mail(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The dry run; sending; what came of it, and sending again to whom it did not go."""
    made = holding.find(request, token, Round)
    configuration = site().configuration
    if request.method == "POST":
        if is_set_up(configuration):
            made.start(configuration)
        return HttpResponseRedirect(request.path)
    example = made.mails[0].link.partition("#")[0] if made.mails else ""
    expires = made.mails[0].expires if made.mails else None
    link = example if made.reminder else f"{example}#{HIDDEN_CODE}"
    context = {
        "round": made,
        "able": is_set_up(configuration),
        "subject": subject(made.reminder),
        "text": body(made.head.group, link, reminder=made.reminder, expires=expires),
    }
    return show(request, me, "organiser/mail.html", context)
