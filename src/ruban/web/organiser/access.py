"""The door to an organiser's pages: who is signed in, and the decorator that every such view wears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message, Refused
from ruban.web.address import ORGANISER
from ruban.web.middleware import only
from ruban.web.organiser.models import Organiser
from ruban.web.rate import RateLimit, place_of_request
from ruban.web.site import site

SESSION_SECONDS = 12 * 3600
SIGN_IN = f"{ORGANISER}sign-in/"
_WHO, _UNTIL = "organiser", "until"

sign_ins = RateLimit(60)

P = ParamSpec("P")


class SignInNeeded(Refused):
    """Nobody is signed in, or not any more."""


def slow_down(request: HttpRequest) -> None:
    """Count an attempt to sign in; TooMany after sixty from one place in ten minutes."""
    here = site()
    sign_ins.check(place_of_request(request, here.configuration.trust_forwarded), here.clock())


def sign_in(request: HttpRequest, organiser: Organiser) -> None:
    """Let this browser be `organiser` for SESSION_SECONDS, under a new session: the old cookie is worth nothing."""
    request.session.flush()
    # Old rows tell when somebody signed in; the framework leaves them lying.
    request.session.clear_expired()
    request.session[_WHO] = organiser.pk
    request.session[_UNTIL] = site().clock() + SESSION_SECONDS
    request.session.set_expiry(SESSION_SECONDS)


def keep_for_a_moment(request: HttpRequest, seconds: int) -> None:
    """Let what a page leaves with somebody who has not signed in yet be gone after so long: anybody may load it."""
    request.session.clear_expired()
    if _WHO not in request.session:
        request.session.set_expiry(seconds)


def sign_out(request: HttpRequest) -> None:
    """Forget the session, here and in the database."""
    request.session.flush()


def organiser_of(request: HttpRequest) -> Organiser:
    """Who is signed in; SignInNeeded if nobody is, their time is over, or they are no organiser any more."""
    session = request.session
    found = None
    if session.get(_UNTIL, 0) > site().clock():
        found = Organiser.objects.filter(pk=session[_WHO]).first()
    if found is None:
        raise SignInNeeded("session", Message("one that is signed in"), Message("none"))
    return found


def places_of(organiser: Organiser) -> tuple[int, ...]:
    """Whose keys a use case may use for what this person does, `by`: their own alone. Refused for a helper."""
    if organiser.place is None:
        raise Refused(
            "organiser",
            Message("one whom the record names"),
            Message("a helper"),
            hint=Message("Ask one of the organisers to do this step."),
        )
    return (organiser.place,)


def for_organisers(
    *methods: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Organiser, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A view of these methods for whoever is signed in: it gets the request and the organiser. Others are led to where
    one signs in, and nothing they sent is looked at."""

    def wrap(view: Callable[Concatenate[HttpRequest, Organiser, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @only(*methods)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                me = organiser_of(request)
            except SignInNeeded:
                return HttpResponseRedirect(SIGN_IN)
            if request.method == "POST" and (keeper := site().keeper) is not None:
                keeper.check_takes_in()
            return view(request, me, *args, **kwargs)

        answer.__name__ = view.__name__
        answer.__doc__ = view.__doc__
        return answer

    return wrap
