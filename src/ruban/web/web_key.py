"""The key that signs organisers' cookies, in a file of its own beside the private database."""

from __future__ import annotations

from pathlib import Path

from ruban.durable import write_durably
from ruban.primitives.randomness import random_bytes

FILE = "web.key"


def web_key(folder: Path) -> str:
    """The key kept in `folder`; without a folder (a tool that only reads settings) one for this process."""
    path = folder / FILE
    if path.is_file():
        return path.read_text("ascii").strip()
    key = random_bytes(32).hex()
    if folder.is_dir():
        write_durably(path, key.encode("ascii") + b"\n")
    return key
