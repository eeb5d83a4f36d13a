"""What an entry of a member takes for itself, for ever: the store gives each of these to one entry alone."""

from __future__ import annotations

from ruban.primitives.encoding import parse_hex
from ruban.record.entry import Entry
from ruban.record.rules.signature import tag_of

STUB_BYTES = 32


def claims_of(entry: Entry) -> tuple[bytes, ...]:
    """The stubs of a row; the tag of a signature; the place of a statement in its chain; a dispute itself.

    A tag signs once in the whole record, so the letter is not in it: who put one key into two slots could otherwise
    have two signatures pending of which the record takes only one.
    """
    match entry.kind:
        case "roll.row":
            return tuple(parse_hex("stub", stub, STUB_BYTES) for stub in entry.data["stubs"])
        case "signature":
            return (b"tag" + tag_of(entry),)
        case "statement":
            return (entry.bytes_of("letter") + tag_of(entry) + entry.data["seq"].to_bytes(8, "little"),)
        case "dispute":
            return (b"dispute" + entry.bytes_of("id"),)
        case _:
            return ()
