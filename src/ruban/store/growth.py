"""How a log grows, whichever database keeps it: the head after further leaves, and the verdict on a submission."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ruban.errors import FormatError, HeadMoved, InvitationSpent, Message, RubanError, StoreCorrupt, TagReused
from ruban.log.checkpoint import parse_checkpoint
from ruban.log.merkle import Tree
from ruban.log.note import parse_note
from ruban.record.commitment import Opening, verify_opening
from ruban.store.ports import Head, Pending, Submitted

_COMMITMENT_BYTES = 32


def head_after(tree: Tree, hashes: Sequence[bytes], note: bytes) -> tuple[Tree, Head]:
    """The tree with these leaf hashes behind it, and its head under `note`; ValueError if the note says another."""
    grown = tree.copy()
    grown.extend(hashes)
    head = Head(grown.size, grown.root(), note)
    check_note(head)
    return grown, head


def check_expected(current: Head, expected: Head) -> None:
    """HeadMoved unless size and root are those that the caller knows."""
    if (current.size, current.root) != (expected.size, expected.root):
        raise head_moved()


def head_moved() -> HeadMoved:
    """What is said to whoever knows an older head than the store."""
    return HeadMoved(
        "record",
        Message("the record as it was read"),
        Message("one that has grown since"),
        hint=Message("Somebody else has just written to it. Do it again."),
    )


def check_note(head: Head) -> None:
    """ValueError unless the note's text says size and root of the head."""
    try:
        checkpoint = parse_checkpoint(parse_note(head.note).text)
    except FormatError as error:
        raise ValueError(f"the note is no checkpoint: {error}") from error
    if (checkpoint.size, checkpoint.root) != (head.size, head.root):
        raise ValueError(f"the note says {describe(checkpoint.size, checkpoint.root)}")


def describe(size: int, root: bytes) -> str:
    """A head in an error."""
    return f"{size} {root.hex()}"


def verdict_on(
    submission: Pending,
    size: int,
    *,
    promise: bytes | None,
    is_logged: bool,
    is_spent: Callable[[bytes], bool],
    is_claimed: Callable[[bytes], bool],
) -> Submitted | RubanError | None:
    """The answer to a submission that is known or refused, in a log of `size`; None for one that may be kept."""
    if promise is not None:
        return Submitted(promise, recorded=False)
    if is_logged:
        return Submitted(submission.promise, recorded=True)
    if submission.seen is not None and submission.seen != size:
        return head_moved()
    if submission.spent is not None and is_spent(submission.spent):
        return InvitationSpent("invitation", Message("one not used yet"), Message("one that has its row"))
    if any(is_claimed(key) for key in submission.claims):
        return claim_taken()
    return None


def claim_taken() -> TagReused:
    """What is said of a claim that another entry has."""
    return TagReused("claim", Message("one that no entry bears"), Message("one that is taken"))


def checked_opening(commitment: bytes, salt: bytes, payload: bytes) -> Opening:
    """The opening that lies under `commitment`; StoreCorrupt if it does not open it (any longer)."""
    try:
        opening = Opening(salt, payload)
        verify_opening(commitment, opening)
    except RubanError as error:
        raise StoreCorrupt(
            Message("the text under {commitment}", commitment=commitment.hex()),
            Message("one that opens it"),
            Message("another"),
            hint=Message("Something else than Ruban changed it, a failing disk perhaps. Put back the newest copy."),
        ) from error
    return opening


def commitments_in(joined: bytes) -> Iterator[bytes]:
    """The commitments of a pending entry, which lie beside it one behind the other."""
    for start in range(0, len(joined), _COMMITMENT_BYTES):
        yield joined[start : start + _COMMITMENT_BYTES]
