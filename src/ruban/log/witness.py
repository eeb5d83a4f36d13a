"""What a log and a witness say to each other (C2SP tlog-witness): a request, the lines of an answer, and the judgement.

Ruled by spec/log.md, section 11.
"""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import CheckpointInvalid, FormatError, Inconsistent, Message
from ruban.log.checkpoint import Checkpoint, parse_checkpoint
from ruban.log.merkle import HASH_BYTES, MAX_SIZE_ENTRIES, verify_consistency
from ruban.log.note import MAX_NOTE_BYTES, Note, NoteSignature, encode_note, parse_note
from ruban.primitives.encoding import encode_base64, parse_base64, parse_decimal

ADD_CHECKPOINT = "add-checkpoint"
SIZE_CONTENT_TYPE = "text/x.tlog.size"
MAX_PROOF_LINES_COUNT = 63
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 64 * 64
MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheckpoint:
    """A new checkpoint, as a note, and why it extends the one of `old_size` entries that the witness knows."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes


def encode_request(request: AddCheckpoint) -> bytes:
    """The body of a request."""
    lines = "".join(f"{encode_base64(value)}\n" for value in request.proof)
    return f"old {request.old_size}\n{lines}\n".encode() + request.note


def parse_request(data: bytes) -> AddCheckpoint:
    """What a body asks for; FormatError unless these bytes are its only encoding. Nothing is verified."""
    # 11.1 Bounded; ASCII up to the first empty line, a note after it.
    if len(data) > MAX_REQUEST_BYTES:
        raise FormatError("request", Message("at most {n} bytes", n=MAX_REQUEST_BYTES), str(len(data)))
    head, separator, note = data.partition(b"\n\n")
    if not separator or not head.isascii():
        raise FormatError("request", Message("ASCII lines and a blank line"), Message("none"))
    # 11.2 The size that the witness is thought to know.
    first, *rest = head.decode("ascii").split("\n")
    if not first.startswith("old "):
        raise FormatError("request", Message("a line with the old size"), Message("another"))
    old_size = parse_decimal("old size", first.removeprefix("old "))
    if old_size > MAX_SIZE_ENTRIES:
        raise FormatError("old size", Message("below 2^63"), first)
    # 11.3 At most 63 hashes.
    if len(rest) > MAX_PROOF_LINES_COUNT:
        raise FormatError("proof", Message("at most {n} hashes", n=MAX_PROOF_LINES_COUNT), str(len(rest)))
    proof = tuple(parse_base64("proof", line) for line in rest)
    if any(len(value) != HASH_BYTES for value in proof):
        raise FormatError("proof", Message("32 bytes each"), Message("another length"))
    parse_note(note)
    return AddCheckpoint(old_size=old_size, proof=proof, note=note)


def judge(request: AddCheckpoint, new: Checkpoint, latest: Checkpoint | None) -> None:
    """Accept only what extends `latest`, the newest checkpoint that this witness has cosigned of the log.

    `new` is the request's checkpoint, opened by the log's key. Inconsistent if the witness knows another size than the
    one named, or another root of that size (409); CheckpointInvalid where the proof does not hold (422), FormatError
    for an old size above the new one or a proof from nothing (400, 422).
    """
    # 11.8 The caller lets nobody else in between from here until `new` is durable.
    # 11.4 The old size is no larger than the new one.
    if request.old_size > new.size:
        raise FormatError("old size", Message("at most {n}", n=new.size), str(request.old_size))
    # 11.5 It is the size of the latest; zero before there is one.
    known = 0 if latest is None else latest.size
    if request.old_size != known:
        raise Inconsistent("old size", str(known), str(request.old_size))
    # 11.6 Of one size there is one root.
    if latest is not None and new.size == latest.size and new.root != latest.root:
        raise Inconsistent("root", latest.root.hex(), new.root.hex())
    # 11.7 From nothing there is nothing to prove; else the new tree begins with the old one.
    if latest is None or known == 0:
        if request.proof:
            raise CheckpointInvalid("proof", Message("none from an empty log"), Message("one"))
        return
    try:
        verify_consistency(latest.size, new.size, request.proof, latest.root, new.root)
    except Inconsistent as wrong:
        raise CheckpointInvalid("proof", Message("one that leads from the old size"), Message("another")) from wrong


def encode_answer(signatures: tuple[NoteSignature, ...]) -> bytes:
    """The signature lines of an answer."""
    whole = encode_note(Note(text="answer\n", signatures=signatures))
    return whole.partition(b"\n\n")[2]


def with_answer(note: bytes, answer: bytes, keys: frozenset[tuple[str, bytes]]) -> bytes:
    """The note with those lines of an answer whose key's name and ID are among `keys`, each in place of an older one.

    Whether they hold is for whoever opens the note. FormatError if the answer is no list of signature lines, or they
    are too many.
    """
    before, said = parse_note(note), parse_note(b"answer\n\n" + answer)
    fresh = [one for one in said.signatures if (one.name, one.key_id) in keys]
    taken = {(one.name, one.key_id) for one in fresh}
    kept = [one for one in before.signatures if (one.name, one.key_id) not in taken]
    try:
        return encode_note(Note(text=before.text, signatures=(*kept, *fresh)))
    except ValueError as error:
        raise FormatError("answer", Message("signature lines that fit the note"), Message("others")) from error


def checkpoint_text(note: bytes) -> Checkpoint:
    """The checkpoint in a note, unverified: which log a request is about. FormatError if it is none."""
    return parse_checkpoint(parse_note(note).text)
