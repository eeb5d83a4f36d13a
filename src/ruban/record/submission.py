"""What a member sends, as a small text that anybody may carry (spec/record.md, 4)."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import FormatError, Message
from ruban.primitives.encoding import parse_hex
from ruban.record.canonical import encode, parse_strict
from ruban.record.commitment import MAX_PAYLOAD_BYTES, Opening
from ruban.record.kinds import MAX_ENTRY_BYTES

MAX_SUBMISSION_BYTES = 2 * MAX_ENTRY_BYTES + 4 * MAX_PAYLOAD_BYTES


@dataclass(frozen=True, slots=True)
class Submission:
    """What a member sends: an entry, and the openings of the commitments in it that are to be public."""

    leaf: bytes
    openings: tuple[Opening, ...] = ()


def encode_submission(submission: Submission) -> bytes:
    """The text that anybody may carry: {"entry": string, "open": [{"payload", "salt"}]}."""
    openings = [{"payload": o.payload.hex(), "salt": o.salt.hex()} for o in submission.openings]
    return encode({"entry": submission.leaf.decode("utf-8"), "open": openings})


def parse_submission(data: bytes) -> Submission:
    """The submission of a text; FormatError unless it is exactly what `encode_submission` makes, a final newline apart.

    The entry itself is parsed by whoever admits it.
    """
    data = data.removesuffix(b"\n")
    value = parse_strict("submission", data, max_bytes=MAX_SUBMISSION_BYTES, max_depth=3, keys=True)
    opened = value.get("open") if isinstance(value, dict) else None
    if not isinstance(value, dict) or set(value) != {"entry", "open"} or not isinstance(opened, list):
        raise FormatError("submission", Message("an object of entry and open"), Message("another value"))
    if not isinstance(value["entry"], str):
        raise FormatError("submission entry", Message("a string"), Message("another value"))
    openings = []
    for item in opened:
        if (
            not isinstance(item, dict)
            or set(item) != {"payload", "salt"}
            or not all(isinstance(part, str) for part in item.values())
        ):
            raise FormatError("submission open", Message("objects of payload and salt"), Message("another value"))
        openings.append(Opening(parse_hex("salt", item["salt"], 32), parse_hex("payload", item["payload"])))
    submission = Submission(value["entry"].encode("utf-8"), tuple(openings))
    if encode_submission(submission) != data:
        raise FormatError("submission", Message("canonical JSON"), Message("another form"))
    return submission
