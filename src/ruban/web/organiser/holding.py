"""What an organiser's browser may come back for within half an hour: a list looked at, codes just made.

In memory alone, never on disk: codes are shown to the one session that made them, and are gone with it, with the
process, or when their time is over.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest

from ruban.errors import Message
from ruban.web.address import new_token
from ruban.web.errors import NotFound
from ruban.web.site import site

KEPT_SECONDS = 1800
MAX_KEPT_COUNT = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Held:
    session: str = field(repr=False)
    until: int
    thing: Any = field(repr=False)


@dataclass(slots=True)
class Holding:
    """A cloakroom: a thing for a token, to the session that left it."""

    _held: dict[str, _Held] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def keep(self, request: HttpRequest, thing: object) -> str:
        """The token under which this session finds `thing` again, for KEPT_SECONDS."""
        token = new_token()
        with self._lock:
            self._forget_old()
            # One's own alone: nobody drops a colleague's codes, which cannot be had again.
            mine = [one for one, held in self._held.items() if held.session == _session(request)]
            if len(mine) >= MAX_KEPT_COUNT:
                del self._held[mine[0]]
            self._held[token] = _Held(_session(request), site().clock() + KEPT_SECONDS, thing)
        return token

    def find(self, request: HttpRequest, token: str, kind: type[T]) -> T:
        """What is kept under a token; NotFound for another session's, a wrong or an old one."""
        with self._lock:
            self._forget_old()
            held = self._held.get(token)
        if held is None or held.session != _session(request) or not isinstance(held.thing, kind):
            raise NotFound(
                "page",
                Message("something made in the last half hour"),
                Message("nothing"),
                hint=Message("Lists and codes are kept for half an hour, in memory alone. Start that step again."),
            )
        return held.thing

    def drop(self, request: HttpRequest, token: str, kind: type[T]) -> T:
        """The same, which is forgotten: of two requests at once only one gets it."""
        found = self.find(request, token, kind)
        with self._lock:
            if self._held.pop(token, None) is None:
                raise NotFound("page", Message("something not used yet"), Message("nothing"))
        return found

    def waiting(self, request: HttpRequest, kind: type[T]) -> list[tuple[str, int, T]]:
        """What of one kind is kept for this session: token, until when, and the thing."""
        session = request.session.session_key
        with self._lock:
            self._forget_old()
            return [
                (token, held.until, held.thing)
                for token, held in self._held.items()
                if held.session == session and isinstance(held.thing, kind)
            ]

    def forget(self, request: HttpRequest) -> None:
        """Forget all that this session left."""
        session = request.session.session_key
        with self._lock:
            self._held = {token: held for token, held in self._held.items() if held.session != session}

    def _forget_old(self) -> None:
        now = site().clock()
        self._held = {token: held for token, held in self._held.items() if held.until > now}


holding = Holding()
"""The one of this process, which is the only one that serves."""


def _session(request: HttpRequest) -> str:
    key = request.session.session_key
    if key is None:
        raise NotFound("page", Message("a session"), Message("none"))
    return key
