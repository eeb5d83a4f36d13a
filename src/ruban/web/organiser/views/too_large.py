"""What an organiser reads whose form had more bytes than the server takes: the form itself was thrown away unread."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.errors import Message
from ruban.web.errors import TooLarge


def too_large(request: HttpRequest) -> HttpResponse:
    """Raises TooLarge, whose page is the answer."""
    raise TooLarge(
        "form",
        Message("at most 20 MB"),
        Message("more"),
        hint=Message("Go back: what you typed is still there. Choose a smaller file, or send the list in parts."),
    )
