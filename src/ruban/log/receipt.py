"""What a submitter holds: the promise that an entry will be recorded by a time, and the proof that it was.

A promise is a note by the receipt key, a proof is a C2SP tlog-proof. Ruled by spec/log.md, sections 7 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ruban.errors import FormatError, Message, SignatureInvalid
from ruban.log.checkpoint import open_checkpoint, parse_origin
from ruban.log.merkle import HASH_BYTES, verify_inclusion
from ruban.log.note import MAX_NOTE_BYTES, SignerKey, VerifierKey, parse_note, sign_note, verify_note
from ruban.primitives.encoding import encode_base64, parse_base64, parse_decimal

PROMISE_HEADER = "ruban/receipt/v1"
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_HASHES_COUNT = 63
MAX_EXTRA_BYTES = 16_384
MAX_PROOF_BYTES = MAX_NOTE_BYTES + 32_768
MAX_DUE_UNIX_SECONDS = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The leaf with this hash will be in the log `origin` at `due_unix_seconds` at the latest."""

    origin: str
    leaf_hash: bytes
    due_unix_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """A leaf's index, its path, the note of the checkpoint it leads to, and unauthenticated `extra` bytes if any."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def receipt_key_name(origin: str) -> str:
    """The name under which a log's receipt key signs."""
    return f"{origin}/receipt"


def encode_promise(promise: Promise) -> str:
    """The text that the receipt key signs: four lines; ValueError if it would not parse."""
    text = f"{PROMISE_HEADER}\n{promise.origin}\n{encode_base64(promise.leaf_hash)}\n{promise.due_unix_seconds}\n"
    try:
        parse_promise(text)
    except FormatError as error:
        raise ValueError(str(error)) from error
    return text


def parse_promise(text: str) -> Promise:
    """What a promise's text says; FormatError unless it is the only encoding of that."""
    # 7.1 Four lines: header, origin, leaf hash, time.
    lines = text.split("\n")
    if len(lines) != 5 or lines[4] != "":
        raise FormatError("promise", Message("four lines"), Message("{n} newlines", n=len(lines) - 1))
    if lines[0] != PROMISE_HEADER:
        raise FormatError("promise header", PROMISE_HEADER, repr(lines[0][:32]))
    origin = parse_origin("promise origin", lines[1])
    # 7.2 The leaf hash is base64 of 32 bytes.
    leaf_hash = parse_base64("promise leaf hash", lines[2])
    if len(leaf_hash) != HASH_BYTES:
        raise FormatError("promise leaf hash", Message("32 bytes"), Message("{n} bytes", n=len(leaf_hash)))
    # 7.3 The time is decimal without leading zero, at most 2^53 − 1 seconds.
    due = parse_decimal("promise time", lines[3])
    if due > MAX_DUE_UNIX_SECONDS:
        raise FormatError("promise time", Message("at most 2^53 − 1 seconds"), lines[3])
    return Promise(origin=origin, leaf_hash=leaf_hash, due_unix_seconds=due)


def sign_promise(promise: Promise, receipt_seed: bytes) -> bytes:
    """The promise as a note by the receipt key. The caller signs only what is already durable."""
    key = SignerKey(name=receipt_key_name(promise.origin), seed=receipt_seed)
    return sign_note(encode_promise(promise), key)


def open_promise(data: bytes, origin: str, receipt_key: bytes) -> Promise:
    """The promise in a note, only if `receipt_key` (32 bytes, Ed25519) signed it exactly once for the log `origin`.

    Raises SignatureInvalid if not; FormatError if the bytes are no note or the text is no promise.
    """
    # 7.4 The note parses, the receipt key signed it once (5.5, 5.6), and it is about this log.
    note = parse_note(data)
    verify_note(note, VerifierKey(name=receipt_key_name(origin), public=receipt_key))
    promise = parse_promise(note.text)
    if promise.origin != origin:
        raise SignatureInvalid("promise origin", origin, promise.origin)
    return promise


def encode_tlog_proof(proof: TlogProof) -> bytes:
    """The text of a proof, its checkpoint verbatim at the end; ValueError if it would not parse."""
    extra = "" if proof.extra is None else f"extra {encode_base64(proof.extra)}\n"
    path = "".join(f"{encode_base64(value)}\n" for value in proof.path)
    data = f"{PROOF_HEADER}\n{extra}index {proof.index}\n{path}\n".encode() + proof.checkpoint
    try:
        parse_tlog_proof(data)
    except FormatError as error:
        raise ValueError(str(error)) from error
    return data


def parse_tlog_proof(data: bytes) -> TlogProof:
    """What a proof's text says, its checkpoint kept as bytes that parse as a note; FormatError unless canonical."""
    # 8.1 A bounded size; ASCII up to the first blank line, a note after it.
    if len(data) > MAX_PROOF_BYTES:
        raise FormatError("tlog-proof", Message("at most {n} bytes", n=MAX_PROOF_BYTES), str(len(data)))
    head, separator, checkpoint = data.partition(b"\n\n")
    if not separator or not head.isascii():
        raise FormatError("tlog-proof", Message("ASCII lines and a blank line"), Message("none"))
    parse_note(checkpoint)
    # 8.2 The header line, then perhaps extra data, then the index.
    lines = head.decode("ascii").split("\n")
    if lines[0] != PROOF_HEADER:
        raise FormatError("tlog-proof header", PROOF_HEADER, repr(lines[0][:32]))
    rest = lines[1:]
    extra = None
    if rest and rest[0].startswith("extra "):
        extra = parse_base64("tlog-proof extra", rest.pop(0).removeprefix("extra "))
        if len(extra) > MAX_EXTRA_BYTES:
            raise FormatError("tlog-proof extra", Message("at most {n} bytes", n=MAX_EXTRA_BYTES), str(len(extra)))
    if not rest or not rest[0].startswith("index "):
        raise FormatError("tlog-proof", Message("a line with the index"), Message("none"))
    index = parse_decimal("tlog-proof index", rest.pop(0).removeprefix("index "))
    # 8.3 The path: at most 63 lines, each base64 of 32 bytes.
    if len(rest) > MAX_PROOF_HASHES_COUNT:
        raise FormatError("tlog-proof path", Message("at most {n} hashes", n=MAX_PROOF_HASHES_COUNT), str(len(rest)))
    return TlogProof(index=index, path=_parse_path(rest), checkpoint=checkpoint, extra=extra)


def verify_tlog_proof(proof: TlogProof, leaf_hash: bytes, origin: str, log_key: bytes) -> None:
    """Accept only if the leaf stands at the proof's index under a checkpoint of this log.

    Raises CheckpointInvalid or InclusionInvalid; FormatError for malformed parts. Cosignatures are left to the caller.
    """
    # 8.4 The checkpoint is this log's (6.5, 6.6).
    checkpoint = open_checkpoint(proof.checkpoint, origin, log_key)
    # 8.5 The path leads from the leaf to its root (section 2).
    verify_inclusion(leaf_hash, proof.index, checkpoint.size, proof.path, checkpoint.root)


def _parse_path(lines: Sequence[str]) -> tuple[bytes, ...]:
    path = tuple(parse_base64("tlog-proof path", line) for line in lines)
    for value in path:
        if len(value) != HASH_BYTES:
            raise FormatError("tlog-proof path", Message("32 bytes"), Message("{n} bytes", n=len(value)))
    return path
