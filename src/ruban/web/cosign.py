"""A thread that has each new checkpoint cosigned, and how witnesses are reached over HTTP."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import urllib.request
from contextlib import suppress

from ruban.errors import FetchFailed, Message, RubanError
from ruban.log.witness import MAX_ANSWER_BYTES
from ruban.service.witnessing import Said
from ruban.web.faults import report_fault
from ruban.web.site import Site

ANSWER_SECONDS = 10.0
LOOK_SECONDS = 0.5
"""Between two looks at whether something new has been signed."""
RETRY_SECONDS = 15
"""Between two rounds where too few have answered."""


def post(address: str, body: bytes) -> Said:
    """What a witness answers; FetchFailed where it does not, or with more than an answer can be."""
    try:
        request = urllib.request.Request(address, body, {"User-Agent": "ruban", "Content-Type": "text/plain"})
        with _opener.open(request, timeout=ANSWER_SECONDS) as answer:
            return Said(answer.status, _bounded(answer.read(MAX_ANSWER_BYTES + 1)))
    except urllib.error.HTTPError as refused:
        with refused:
            return Said(refused.code, refused.read(MAX_ANSWER_BYTES))
    except (OSError, ValueError, http.client.HTTPException) as wrong:
        raise FetchFailed("witness", Message("an answer"), Message("none")) from wrong


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A witness answers where its policy says."""

    def redirect_request(self, *_: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _bounded(body: bytes) -> bytes:
    if len(body) > MAX_ANSWER_BYTES:
        raise FetchFailed("witness", Message("at most {n} bytes", n=MAX_ANSWER_BYTES), Message("more"))
    return body


class Cosigning:
    """Asks until `stop`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ruban-cosign", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the round that is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        wait = LOOK_SECONDS
        while not self._stop.wait(wait):
            wait = LOOK_SECONDS
            try:
                # A store that has stopped says so to everybody else as well.
                with suppress(RubanError):
                    if not self._site.cosign():
                        wait = RETRY_SECONDS
            except Exception:
                report_fault()
                wait = RETRY_SECONDS
