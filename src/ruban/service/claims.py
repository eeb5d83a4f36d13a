"""What an entry of a member takes for itself, for ever: the store gives each of these to one entry alone."""

from __future__ import annotations

from ruban.record.entry import Entry
from ruban.record.rules.signature import tag_of


def claims_of(entry: Entry) -> tuple[bytes, ...]:
    """The stubs of a row; the tag of a signature; the place of a statement in its chain; of other kinds nothing.

    A tag signs once in the whole record, so the letter is not in it: who put one key into two slots could otherwise
    have two signatures pending of which the record takes only one.
    """
    match entry.kind:
        case "roll.row":
            return tuple(bytes.fromhex(stub) for stub in entry.data["stubs"])
        case "signature":
            return (b"tag" + tag_of(entry),)
        case "statement":
            return (entry.bytes_of("letter") + tag_of(entry) + int(entry.data["seq"]).to_bytes(8, "little"),)
        case _:
            return ()
