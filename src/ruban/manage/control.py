"""Ask a server that runs on this machine to do something with the record that it holds."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruban.errors import FormatError, Message, StoreError
from ruban.record.canonical import encode, parse_strict
from ruban.web.control import SOCKET

MAX_LINE_BYTES = 65_536


def ask_server(data: Path, request: dict[str, str], tell: Callable[[dict[str, Any]], None]) -> dict[str, Any] | None:
    """What the server of a data folder answers in the end, None if none runs; `tell` hears what it says before.

    StoreError with what the server refused, or if it stopped before it was done.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(data / SOCKET))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise StoreError(SOCKET, Message("a socket of a server"), error.strerror or "") from error
        connection.sendall(encode(request) + b"\n")
        with connection.makefile("rb") as answers:
            while line := answers.readline(MAX_LINE_BYTES):
                said = parse_strict("answer", line, max_bytes=MAX_LINE_BYTES, max_depth=3)
                match said:
                    case {"done": dict(done)}:
                        return done
                    case {"error": dict(wrong)}:
                        raise StoreError(
                            str(wrong.get("field")),
                            str(wrong.get("expected")),
                            wrong.get("got"),
                            hint=wrong.get("hint"),
                        )
                    case dict():
                        tell(said)
                    case _:
                        raise FormatError("answer", Message("an object"), Message("another"))
    raise StoreError("server", Message("an answer"), Message("none: it stopped meanwhile"))
