"""The key folder of a group: one file a key, for its owner alone. Keys lie apart from the store, so that they can lie
on another disk, and a copy of the store holds none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
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
    for name, content in encode_keys(keys).items():
        write_durably(folder / name, content)


def encode_keys(keys: Keys) -> dict[str, bytes]:
    """The files of these keys by name, the log's last: a folder with it is whole."""
    seeds = {f"organiser-{number}.key": seed for number, seed in enumerate(keys.organiser_seeds)}
    named = seeds | {"group.key": keys.group_key, "receipt.key": keys.receipt_seed, "log.key": keys.log_seed}
    return {name: f"{secret.hex()}\n".encode("ascii") for name, secret in named.items()}


def decode_keys(files: Mapping[str, bytes]) -> Keys:
    """The keys in these files; StoreError if one is missing, malformed or one too many."""
    count = sum(_ORGANISER.fullmatch(name) is not None for name in files)
    wanted = {*(f"organiser-{number}.key" for number in range(count)), "group.key", "receipt.key", "log.key"}
    if count == 0 or files.keys() != wanted:
        raise StoreError("keys", Message("organiser-0.key and those that follow"), Message("a gap"))
    found = {name: _decode(f"key file {name}", content) for name, content in files.items()}
    return Keys(
        log_seed=found["log.key"],
        receipt_seed=found["receipt.key"],
        group_key=found["group.key"],
        organiser_seeds=tuple(found[f"organiser-{number}.key"] for number in range(count)),
    )


def has_keys(folder: Path) -> bool:
    """Whether there is any key in `folder`."""
    return any(folder.glob("*.key"))


def discard_keys(folder: Path) -> None:
    """Delete every key in `folder`, half-written ones too. For keys that have never signed anything."""
    for path in (*folder.glob("*.key"), *folder.glob(".*.key.new")):
        path.unlink()


def load_keys(folder: Path) -> Keys:
    """The keys in `folder`; StoreError if one is missing, malformed, or readable by others than its owner."""
    found = {name: _read(folder / name) for name in ("log.key", "receipt.key", "group.key")}
    return decode_keys(found | {path.name: _read(path) for path in folder.iterdir() if _ORGANISER.fullmatch(path.name)})


def _read(path: Path) -> bytes:
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
    return data


def _decode(name: str, data: bytes) -> bytes:
    text = data.decode("ascii", "replace")
    try:
        if not text.endswith("\n"):
            raise FormatError(name, Message("a newline at the end"))
        return parse_hex(name, text[:-1], KEY_BYTES)
    except FormatError:
        # Nothing of the content goes into an error.
        raise StoreError(name, Message("64 hexadecimal digits and a newline"), Message("another content")) from None
