"""Checkpoints (C2SP tlog-checkpoint): origin, size and root of the log, signed by its key.

Ruban's checkpoints have no extension lines, and the key is named like the origin. Ruled by spec/log.md, section 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import CheckpointInvalid, FormatError, Message, SignatureInvalid
from ruban.log.merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE_ENTRIES
from ruban.log.note import (
    NoteSignature,
    SignerKey,
    VerifierKey,
    parse_key_name,
    parse_note,
    sign_note,
    verify_note,
)
from ruban.primitives.encoding import encode_base64, parse_base64, parse_decimal

CONTENT_TYPE = "text/plain; charset=utf-8"
MAX_ORIGIN_BYTES = 240
"""Shorter than a key's name by enough for the names of a log's other keys (receipt.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Which log (`origin`), how many entries (`size`), and the 32-byte root over them."""

    origin: str
    size: int
    root: bytes


def parse_origin(field: str, text: str) -> str:
    """The same text, if it may be a log's origin: a key name of at most 240 bytes; FormatError otherwise."""
    origin = parse_key_name(field, text)
    if len(origin.encode()) > MAX_ORIGIN_BYTES:
        raise FormatError(field, Message("at most {n} bytes", n=MAX_ORIGIN_BYTES), str(len(origin.encode())))
    return origin


def encode_checkpoint(checkpoint: Checkpoint) -> str:
    """The text that is signed: three lines, each ended by a newline; ValueError if it would not parse."""
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{encode_base64(checkpoint.root)}\n"
    try:
        parse_checkpoint(text)
    except FormatError as error:
        raise ValueError(str(error)) from error
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """What a checkpoint's text says; FormatError unless it is the only encoding of that."""
    # 6.1 Three lines, each ended by a newline; extension lines are refused, because no monitor can check them.
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] != "":
        raise FormatError("checkpoint", Message("three lines"), Message("{n} newlines", n=len(lines) - 1))
    # 6.2 The origin may name a key, with room for a suffix.
    origin = parse_origin("checkpoint origin", lines[0])
    # 6.3 The size is decimal without leading zero, below 2^63.
    size = parse_decimal("checkpoint size", lines[1])
    if size > MAX_SIZE_ENTRIES:
        raise FormatError("checkpoint size", Message("below 2^63"), lines[1])
    # 6.4 The root is base64 of 32 bytes, and that of nothing if the size is zero.
    root = parse_base64("checkpoint root", lines[2])
    if len(root) != HASH_BYTES:
        raise FormatError("checkpoint root", Message("32 bytes"), Message("{n} bytes", n=len(root)))
    if size == 0 and root != EMPTY_ROOT:
        raise FormatError("checkpoint root", Message("the root of the empty tree"), root.hex())
    return Checkpoint(origin=origin, size=size, root=root)


def sign_checkpoint(checkpoint: Checkpoint, log_seed: bytes, grease: NoteSignature | None = None) -> bytes:
    """The checkpoint as a note by the log's key; `grease` is a line no reader knows, so that readers learn to skip it.

    The caller keeps the promise behind it: no two checkpoints that cannot both be true.
    """
    key = SignerKey(name=checkpoint.origin, seed=log_seed)
    return sign_note(encode_checkpoint(checkpoint), key, () if grease is None else (grease,))


def grease_signature(random: bytes) -> NoteSignature:
    """A signature line of an unknown key, made of at least 8 random bytes given by the caller."""
    if len(random) < 8:
        raise ValueError("grease takes at least 8 random bytes")
    return NoteSignature(name=f"grease.invalid/{random[:4].hex()}", key_id=random[:4], signature=random[4:])


def open_checkpoint(data: bytes, origin: str, log_key: bytes) -> Checkpoint:
    """The checkpoint in a note, only if `origin` is its log and `log_key` (32 bytes, Ed25519) signed it exactly once.

    Raises CheckpointInvalid if not; FormatError if the bytes are no note or the text is no checkpoint.
    """
    # 6.5 The note parses, the log's key signed it once (5.5, 5.6); nothing of the text is used before that.
    note = parse_note(data)
    try:
        verify_note(note, VerifierKey(name=origin, public=log_key))
    except SignatureInvalid as error:
        raise CheckpointInvalid("checkpoint signature", error.expected, error.got) from error
    checkpoint = parse_checkpoint(note.text)
    # 6.6 The origin is the expected one, character by character.
    if checkpoint.origin != origin:
        raise CheckpointInvalid("checkpoint origin", origin, checkpoint.origin)
    return checkpoint
