"""A witness over HTTP (C2SP tlog-witness): one route, `POST /add-checkpoint`, and what each refusal is called."""

from __future__ import annotations

import asyncio
import os
import time
from http import HTTPStatus
from pathlib import Path

from ruban.errors import (
    CheckpointInvalid,
    FormatError,
    Inconsistent,
    Refused,
    RubanError,
    SignatureInvalid,
    StoreError,
)
from ruban.log.checkpoint import CONTENT_TYPE
from ruban.log.witness import ADD_CHECKPOINT, MAX_REQUEST_BYTES, SIZE_CONTENT_TYPE, checkpoint_text, parse_request
from ruban.service.witness import Witness, open_witness
from ruban.web.api import Answer
from ruban.web.errors import TooLarge, TooSlow
from ruban.web.hot.asgi import Disconnected, Receive, Scope, Send, read_body, send_answer

FOLDER = "RUBAN_WITNESS"
_STATUS: tuple[tuple[type[RubanError], HTTPStatus], ...] = (
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (TooSlow, HTTPStatus.REQUEST_TIMEOUT),
    (FormatError, HTTPStatus.BAD_REQUEST),
    (SignatureInvalid, HTTPStatus.FORBIDDEN),
    (Inconsistent, HTTPStatus.CONFLICT),
    (CheckpointInvalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (Refused, HTTPStatus.NOT_FOUND),
)
"""What tlog-witness calls each refusal."""


class WitnessApp:
    """The ASGI application of one witness."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        if scope["path"].rpartition("/")[2] != ADD_CHECKPOINT:
            await send_answer(send, Answer(HTTPStatus.NOT_FOUND, CONTENT_TYPE, b"only add-checkpoint is here\n"))
            return
        if scope["method"] != "POST":
            allowed = (("Allow", "POST"),)
            await send_answer(send, Answer(HTTPStatus.METHOD_NOT_ALLOWED, CONTENT_TYPE, b"POST\n", allowed))
            return
        try:
            body = await read_body(scope, receive, MAX_REQUEST_BYTES)
            answer = await asyncio.to_thread(self._answer, body)
        except Disconnected:
            return
        except RubanError as error:
            answer = _refusal(error)
        await send_answer(send, answer)

    def _answer(self, body: bytes) -> Answer:
        try:
            return Answer(HTTPStatus.OK, CONTENT_TYPE, self._witness.add_checkpoint(body, int(time.time())))
        except Inconsistent:
            latest = self._witness.latest(checkpoint_text(parse_request(body).note).origin)
            size = f"{0 if latest is None else latest.size}\n".encode()
            return Answer(HTTPStatus.CONFLICT, SIZE_CONTENT_TYPE, size)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self._witness.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _refusal(error: RubanError) -> Answer:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    return Answer(status, CONTENT_TYPE, f"{error}\n".encode())


def application() -> WitnessApp:
    """What granian starts: the witness in the folder that `ruban witness serve` has named."""
    return WitnessApp(open_witness(Path(os.environ[FOLDER])))
