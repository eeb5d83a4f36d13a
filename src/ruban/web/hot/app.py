"""The ASGI application: hot routes first, everything else to Django in its small pool of threads."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ruban.errors import Message, ProofInvalid, RubanError
from ruban.language import LANGUAGES
from ruban.record.submission import Submission, parse_submission
from ruban.service.enrol import Enrolment, enrol_many
from ruban.service.intake import Answer as Taken
from ruban.service.submit import submit_many
from ruban.web.address import ORGANISER, TOKEN, TOO_LARGE
from ruban.web.api import (
    MAX_ENROL_BYTES,
    MAX_SUBMIT_BYTES,
    Answer,
    check_request,
    count_answer,
    error_answer,
    parse_enrolment,
    promise_answer,
)
from ruban.web.errors import NotFound, TooLarge
from ruban.web.hot.asgi import (
    BODY_SECONDS,
    App,
    Disconnected,
    Ready,
    Receive,
    Scope,
    Send,
    header,
    read_body,
    send_answer,
    send_ready,
    whole_body,
)
from ruban.web.hot.intake import Intake
from ruban.web.hot.memo import Key, Memo
from ruban.web.hot.through import answer_of
from ruban.web.letters.cached import next_change
from ruban.web.rate import FALSE_PROOF_COST, place_of
from ruban.web.site import Site
from ruban.web.speech import language_for

_PAGE = re.compile(rf"/(?:(?P<language>en|fr)/)?(?:letters/{TOKEN}/(?:sign/)?|enrol/|device/)?\Z")
MAX_FORM_BYTES = 20 * 1024 * 1024
"""What organisers send: the largest list, and the fields around it."""
FORM_SECONDS = 120
_COUNT = re.compile(r"/count/([0-9a-f]{64})\Z")


class HotApp:
    """Made once a process; call `close` when the server ends."""

    def __init__(self, site: Site, django: App) -> None:
        self._site = site
        self._django = django
        self._memo = Memo()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="ruban-intake")
        self._submit: Intake[Submission] = Intake(self._submit_many, self._executor)
        self._enrol: Intake[Enrolment] = Intake(self._enrol_many, self._executor)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        host = header(scope, "host")
        if host is None or host.lower() not in self._site.configuration.hosts:
            wrong = NotFound("Host", Message("that of this server"), Message("another"))
            await send_answer(send, error_answer(wrong, self._language(scope)))
            return
        try:
            handled = await self._hot(scope, receive, send)
            if not handled and scope["method"] not in ("GET", "HEAD"):
                # Django has few threads, and would let one wait for every byte of a slow client.
                form = scope["path"].startswith(ORGANISER)
                limit, seconds = (MAX_FORM_BYTES, FORM_SECONDS) if form else (MAX_ENROL_BYTES, BODY_SECONDS)
                receive = await whole_body(scope, receive, limit, seconds)
        except RubanError as error:
            answer = error_answer(error, self._language(scope))
            if isinstance(error, TooLarge) and scope["path"].startswith(ORGANISER):
                # A browser shows it to a person: as a page, which Django makes without the body.
                answer = await answer_of(self._django, {**scope, "path": TOO_LARGE})
            await send_answer(send, answer, only_head=scope["method"] == "HEAD")
            return
        except Disconnected:
            return
        if not handled:
            await self._django(scope, receive, send)

    def close(self) -> None:
        """Let what is being taken in finish."""
        self._executor.shutdown()

    def _language(self, scope: Scope) -> str:
        return language_for(header(scope, "accept-language") or "", self._site.configuration.language)

    async def _hot(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether a hot route answered."""
        keeper = self._site.keeper
        if keeper is None or self._site.under_review is not None:
            return False
        path, prefix, method = scope["path"], self._site.prefix, scope["method"]
        if not path.startswith(prefix + "/"):
            return False
        path = path.removeprefix(prefix)
        if method in ("GET", "HEAD"):
            return await self._get(scope, send, path)
        if method == "POST" and path in ("/submit", "/enrol"):
            await self._post(scope, receive, send, path)
            return True
        return False

    async def _get(self, scope: Scope, send: Send, path: str) -> bool:
        head = scope["method"] == "HEAD"
        now, site = self._site.clock(), self._site
        version = (site.size, site.paused is None, site.unwitnessed_since, site.changes)
        if found := _COUNT.match(path):
            # It says what time it is here, and so is good for this second.
            key, letter = (path, ""), found[1]

            async def make() -> tuple[Answer, int]:
                return await asyncio.to_thread(count_answer, site, letter), now + 1

            await send_ready(send, await self._kept(key, version, now, make), only_head=head)
            return True
        page = _PAGE.match(path)
        if page is None or scope["query_string"]:
            return False
        language = page["language"] or self._language(scope)
        if language not in LANGUAGES:
            return False

        async def render() -> tuple[Answer, int]:
            until = await asyncio.to_thread(next_change, site, now)
            return await answer_of(self._django, scope), until

        await send_ready(send, await self._kept((path, language), version, now, render), only_head=head)
        return True

    async def _kept(
        self, key: Key, version: object, now: int, make: Callable[[], Awaitable[tuple[Answer, int]]]
    ) -> Ready:
        """From memory, else made. Made in a thread: whoever holds the keeper's lock must not stop this loop for all."""
        return self._memo.get(key, version, now) or await self._memo.render(key, version, now, make)

    async def _post(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        enrols = path == "/enrol"
        check_request(self._site, lambda name: header(scope, name))
        limit = self._site.codes if enrols else self._site.submits
        limit.check(self._address(scope), self._site.clock())
        body = await read_body(scope, receive, MAX_ENROL_BYTES if enrols else MAX_SUBMIT_BYTES)
        try:
            taken = await (self._enrol(parse_enrolment(body)) if enrols else self._submit(parse_submission(body)))
        except ProofInvalid:
            limit.charge(self._address(scope), FALSE_PROOF_COST)
            raise
        await send_answer(send, promise_answer(taken.promise))

    def _address(self, scope: Scope) -> str:
        client = scope.get("client")
        forwarded = header(scope, "x-forwarded-for", joined=True) or ""
        trust = self._site.configuration.trust_forwarded
        return place_of(str(client[0]) if client else "", forwarded, trust_forwarded=trust)

    def _submit_many(self, batch: Sequence[Submission]) -> list[Taken]:
        return self._taken(submit_many(self._site.kept, batch, self._site.clock()))

    def _enrol_many(self, batch: Sequence[Enrolment]) -> list[Taken]:
        return self._taken(enrol_many(self._site.kept, batch, self._site.clock()))

    def _taken(self, answers: list[Taken]) -> list[Taken]:
        self._site.taken(answers)
        return answers
