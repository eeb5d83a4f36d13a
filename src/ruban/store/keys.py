"""The key folder of a group: one file a key, for its owner alone. Keys lie apart from the store, so that they can lie
on another disk, and a copy of the store holds none.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ruban.durable import write_durably
from ruban.errors import FormatError, Message, StoreError
from ruban.primitives.encoding import parse_hex
from ruban.primitives.randomness import random_bytes
from ruban.store.posix import make_private_folder

KEY_BYTES = 32
_ORGANISER = re.compile(r"organiser-(0|[1-9][0-9]{0,3})\.key")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keys:
    """32-byte secrets: Ed25519 seeds of log, receipts and organisers (in their order), and the key of `spent`."""

    log_seed: bytes
    receipt_seed: bytes
    group_key: bytes
    organiser_seeds: tuple[bytes, ...]


def fresh_keys(organisers: int) -> Keys:
    """Keys of a new group, in memory only."""
    if organisers < 1:
        raise ValueError("a group has at least one organiser")
    return Keys(
        log_seed=random_bytes(KEY_BYTES),
        receipt_seed=random_bytes(KEY_BYTES),
        group_key=random_bytes(KEY_BYTES),
        organiser_seeds=tuple(random_bytes(KEY_BYTES) for _ in range(organisers)),
    )


def save_keys(folder: Path, keys: Keys) -> None:
    """Keys, durable in `folder` (0700) as files (0600); StoreError if it holds a key already."""
    make_private_folder(folder)
    if has_keys(folder):
        raise StoreError("key folder", Message("one without keys"), Message("keys"))
    for number, seed in enumerate(keys.organiser_seeds):
        write_durably(folder / f"organiser-{number}.key", _encode(seed))
    write_durably(folder / "group.key", _encode(keys.group_key))
    write_durably(folder / "receipt.key", _encode(keys.receipt_seed))
    # Last: a folder with the log's key is whole.
    write_durably(folder / "log.key", _encode(keys.log_seed))


def has_keys(folder: Path) -> bool:
    """Whether there is any key in `folder`."""
    return any(folder.glob("*.key"))


def discard_keys(folder: Path) -> None:
    """Delete every key in `folder`, half-written ones too. For keys that have never signed anything."""
    for path in (*folder.glob("*.key"), *folder.glob(".*.key.new")):
        path.unlink()


def load_keys(folder: Path) -> Keys:
    """The keys in `folder`; StoreError if one is missing, malformed, or readable by others than its owner."""
    log, receipt, group = (_load(folder / f"{name}.key") for name in ("log", "receipt", "group"))
    numbers = sorted(int(match[1]) for path in folder.iterdir() if (match := _ORGANISER.fullmatch(path.name)))
    if not numbers or numbers != list(range(len(numbers))):
        raise StoreError("key folder", Message("organiser-0.key and those that follow"), Message("a gap"))
    seeds = tuple(_load(folder / f"organiser-{number}.key") for number in numbers)
    return Keys(log_seed=log, receipt_seed=receipt, group_key=group, organiser_seeds=seeds)


def _encode(secret: bytes) -> bytes:
    return f"{secret.hex()}\n".encode("ascii")


def _load(path: Path) -> bytes:
    name = f"key file {path.name}"
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(2 * KEY_BYTES + 2)
    except OSError as error:
        raise StoreError(name, Message("a file that can be read"), os.strerror(error.errno or 0)) from None
    if mode & 0o077:
        raise StoreError(
            name, Message("readable by its owner alone"), oct(mode & 0o777), hint=Message("chmod 600 the file")
        )
    text = data.decode("ascii", "replace")
    try:
        if not text.endswith("\n"):
            raise FormatError(name, Message("a newline at the end"))
        return parse_hex(name, text[:-1], KEY_BYTES)
    except FormatError:
        # Nothing of the content goes into an error.
        raise StoreError(name, Message("64 hexadecimal digits and a newline"), Message("another content")) from None
