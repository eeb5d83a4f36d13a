"""What Django does around every view: the headers of every answer, and errors as pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from ruban.errors import Message, RubanError
from ruban.web.errors import Fault, ForeignOrigin, NotFound
from ruban.web.headers import NO_STORE, SECURITY_HEADERS
from ruban.web.pages import error_page

Handler = Callable[[HttpRequest], HttpResponse]


def headers_on_every_answer(get_response: Handler) -> Handler:
    """Security headers on everything; `no-store` wherever a view has not said how long an answer is good."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in SECURITY_HEADERS:
            response.headers.setdefault(name, value)
        response.headers.setdefault(*NO_STORE)
        return response

    return handle


class ErrorsAsPages:
    """A typed error becomes its page; anything else stays a fault of ours and a 500."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this with whatever a view raised."""
        return error_page(request, error) if isinstance(error, RubanError) else None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of an address that leads to no view. What a view answers, whatever its status, is left as it is."""
    return error_page(request, NotFound("page", Message("one of this server"), Message("another address")))


def fault(request: HttpRequest) -> HttpResponse:
    """The page of a fault of ours; the operator has been told where, and not by whom (see faults)."""
    hint = Message("It is not your doing. Nothing that was acknowledged is lost. Try again in a minute.")
    return error_page(request, Fault("server", Message("one that works"), Message("a fault of ours"), hint=hint))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of ours that came without its token, or from elsewhere."""
    return error_page(
        request,
        ForeignOrigin(
            "form",
            Message("one from this server, with its cookie"),
            Message("another"),
            hint=Message("Load the page again and send the form once more. What you typed is still in your browser."),
        ),
    )


def only(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view that answers these methods alone."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        answer.__name__ = view.__name__
        answer.__doc__ = view.__doc__
        return answer

    return wrap
