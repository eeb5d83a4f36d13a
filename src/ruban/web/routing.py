"""Routes of the group's pages: under the path of its origin, with or without a language in front."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path

from ruban.errors import Message
from ruban.web.errors import NotFound
from ruban.web.site import site

_PREFIX = r"^(?P<prefix>(?:[a-z0-9][a-z0-9._-]*/)*?)"
_LANGUAGE = r"(?:(?P<language>en|fr)/)?"


def page(route: str, view: Callable[..., HttpResponse]) -> URLPattern:
    """A page of the group, `letters/<token>/`, in each language; `route` is a regular expression without anchors."""
    return re_path(_PREFIX + _LANGUAGE + route + r"\Z", _within_group(view))


def file(route: str, view: Callable[..., HttpResponse]) -> URLPattern:
    """A file or hot route of the group, which has no language."""
    return re_path(_PREFIX + route + r"\Z", _within_group(view))


def _within_group(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, *, prefix: str, language: str | None = None, **found: str) -> HttpResponse:
        if site().under_review is None and f"/{prefix}".rstrip("/") != site().prefix:
            raise NotFound("page", Message("one of this server"), Message("another address"))
        return view(request, **found)

    answer.__name__ = getattr(view, "__name__", "view")
    # The twins of the hot routes use no cookie, and so need no token against its misuse.
    answer.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]  # Django asks for it
    return answer
