"""Faults in what is said after a letter has opened: comments, updates, strikes, a corrected electorate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruban.primitives.ed25519 import public_key, sign
from ruban.proof import sign_control
from ruban.proof.statement import control_statement
from ruban.record.commitment import Opening
from ruban.record.entry import body_of, make_entry, parse_entry, signed_bytes
from ruban.record.state import Letter
from tests.record.small_faults import (
    Fault,
    Leaves,
    changed,
    claim_of,
    copied,
    false_proof,
    letter_of,
    resign,
    with_opening,
    without_opening,
)
from tests.record.small_record import BEN, SmallRecord
from tests.scribe import ADA, COUNCIL, LOG


def _comment(member: int) -> Callable[[SmallRecord], bytes]:
    return lambda small: bytes.fromhex(small.comment_of(letter_of(small, "first letter"), member))


def _comment_again(small: SmallRecord, leaves: Leaves, member: int, **changes: Any) -> None:
    """The first comment changed, and made by this member."""
    at = small.at["comment"]
    data = {key: value for key, value in parse_entry(leaves[at]).data.items() if key != "sig"} | changes
    letter = bytes.fromhex(data["letter"])
    secret = small.slot_secret(letter, member)
    data["tag"] = secret.tag.hex()
    statement = control_statement(letter, secret.tag, data["seq"], bytes.fromhex(data["prev"]), body_of(data))
    leaves[at] = make_entry({**data, "sig": sign_control(secret, statement, nonce_salt=bytes(32)).hex()}).leaf


def _after_withdrawal(small: SmallRecord, leaves: Leaves) -> None:
    """Member 1, who has withdrawn, comments."""
    letter = letter_of(small, "first letter")
    recorded = small.state.letters[letter].signatures[small.slot_secret(letter, 1).tag]
    _comment_again(small, leaves, 1, prev=recorded.prev.hex(), seq=recorded.seq + 1)


def _comment_fault(name: str, payload: bytes) -> Fault:
    """Member 3 comments with another payload than a comment may have."""
    opening = Opening(bytes(32), payload)
    return Fault(
        name=name,
        leaves=lambda small, leaves: _comment_again(small, leaves, 3, text=opening.commitment.hex()),
        files=with_opening(lambda _: opening),
        expect=((8, "FormatError"),),
    )


def _struck(member: int) -> Callable[[SmallRecord, Leaves], None]:
    """The strike is of this member's name."""

    def act(small: SmallRecord, leaves: Leaves) -> None:
        resign("struck", (BEN,), commitments=[small.state.roll.rows[member].claim.hex()])(small, leaves)

    return act


def _struck_elsewhere(small: SmallRecord, leaves: Leaves) -> None:
    resign("struck", (BEN,), letter=letter_of(small, "second letter").hex())(small, leaves)


def _french_twice(small: SmallRecord, leaves: Leaves) -> None:
    texts = parse_entry(leaves[small.at["update"]]).data["texts"]
    resign("update", (ADA,), texts=[texts[0], texts[0]])(small, leaves)


def _of_first(get: Callable[[Letter], bytes]) -> Callable[[SmallRecord], bytes]:
    return lambda small: get(small.state.letters[letter_of(small, "first letter")])


def _by_role_of_the_first(small: SmallRecord, leaves: Leaves) -> None:
    """Member 15 signs the first letter so, which may be signed as one of all only."""
    leaves[small.at["by role"]] = small.unnamed(letter_of(small, "first letter"), 15, selector="role:Salle").leaf


def _in_two_ways(small: SmallRecord, leaves: Leaves) -> None:
    """Member 11, who has signed the second letter as one of all, signs it as one of a role."""
    second = letter_of(small, "second letter")
    leaves[small.at["by role"] + 1] = small.unnamed(second, 11, selector="role:Salle").leaf


def _disputed_twice(small: SmallRecord, leaves: Leaves) -> None:
    at = small.at["late row"]
    leaves[at + 2] = leaves[at + 1]


ADA_KEY = public_key(ADA).hex()


def _attested(seed: bytes, **changes: Any) -> Callable[[SmallRecord, Leaves], None]:
    """The attestation with other fields, signed by this key."""

    def act(small: SmallRecord, leaves: Leaves) -> None:
        at = small.at["attested"]
        data = {key: value for key, value in parse_entry(leaves[at]).data.items() if key != "sig"}
        data |= {"key": public_key(seed).hex(), **changes}
        leaves[at] = make_entry({**data, "sig": sign(seed, signed_bytes(small.origin, data)).hex()}).leaf

    return act


FAULTS_LATER = [
    Fault(name="the same dispute twice", leaves=_disputed_twice, expect=((4, "RuleBroken"),)),
    Fault(
        name="a dispute settled that nobody began", leaves=resign("settled", id="09" * 16), expect=((4, "RuleBroken"),)
    ),
    Fault(
        name="a dispute settled by one organiser of two",
        leaves=resign("settled", (BEN,)),
        expect=((5, "QuorumMissing"),),
    ),
    Fault(
        name="a second party named by one organiser of two",
        leaves=resign("attester", (BEN,)),
        expect=((5, "QuorumMissing"),),
    ),
    Fault(name="an organiser as second party", leaves=resign("attester", key=ADA_KEY), expect=((4, "RuleBroken"),)),
    Fault(
        name="words of a second party changed", leaves=changed("attested", found=38), expect=((5, "SignatureInvalid"),)
    ),
    Fault(name="a second party that nobody named", leaves=_attested(LOG), expect=((4, "RuleBroken"),)),
    Fault(name="more found than invited", leaves=_attested(COUNCIL, found=39), expect=((4, "RuleBroken"),)),
    Fault(name="another number of rows attested", leaves=_attested(COUNCIL, rows=23), expect=((4, "RuleBroken"),)),
    Fault(name="attested on no day", leaves=_attested(COUNCIL, date="2026-02-30"), expect=((4, "FormatError"),)),
    Fault(name="an epoch attested that is none", leaves=_attested(COUNCIL, epoch=3), expect=((4, "RuleBroken"),)),
    Fault(
        name="how a second party compared missing",
        files=without_opening(lambda small: small.state.attestations[0].method),
        expect=((8, "CommitmentInvalid"),),
    ),
    Fault(name="a role that the letter lacks", leaves=_by_role_of_the_first, expect=((7, "RuleBroken"),)),
    Fault(
        name="another role of the group",
        leaves=changed("by role", selector="role:Cuisine"),
        expect=((7, "ProofInvalid"),),
    ),
    Fault(name="one tag over two selectors", leaves=_in_two_ways, expect=((7, "TagReused"),)),
    Fault(name="a proof by role", leaves=false_proof("by role"), expect=((7, "ProofInvalid"),)),
    Fault(
        name="among all with a proof by role", leaves=changed("by role", selector="all"), expect=((7, "FormatError"),)
    ),
    Fault(
        name="a letter with a role of no group",
        leaves=resign("second letter", selectors=["all", "role:Cave"]),
        expect=((4, "RuleBroken"),),
    ),
    Fault(
        name="a letter for one role and not for all",
        leaves=resign("second letter", selectors=["role:Salle"]),
        expect=((4, "RuleBroken"),),
    ),
    Fault(
        name="a letter whose roles are not in the group's order",
        leaves=resign("second letter", selectors=["all", "role:Salle", "role:Cuisine"]),
        expect=((4, "RuleBroken"),),
    ),
    Fault(
        name="an electorate smaller than the roll",
        leaves=resign("electorate", electorate=13),
        expect=((4, "RuleBroken"),),
    ),
    Fault(
        name="an electorate on no day",
        leaves=resign("electorate", electorate_date="2026-02-30"),
        expect=((4, "FormatError"),),
    ),
    Fault(name="an update gone by", leaves=resign("update", (ADA,), at=1763970300), expect=((4, "RuleBroken"),)),
    Fault(
        name="an update in one language twice",
        leaves=_french_twice,
        expect=((4, "FormatError"),),
    ),
    Fault(
        name="a strike of the name of one who signed unnamed",
        leaves=_struck(3),
        expect=((4, "RuleBroken"),),
    ),
    Fault(
        name="a strike of an erased name",
        leaves=_struck(6),
        expect=((4, "RuleBroken"),),
    ),
    Fault(name="the same strike twice", leaves=copied("struck", "remark"), expect=((4, "RuleBroken"),)),
    Fault(
        name="a strike under the other letter",
        leaves=_struck_elsewhere,
        expect=((4, "RuleBroken"),),
    ),
    Fault(
        name="an electorate by one organiser of two",
        leaves=resign("electorate", (BEN,)),
        expect=((5, "QuorumMissing"),),
    ),
    Fault(name="an update by a stranger", leaves=resign("update", (LOG,)), expect=((5, "QuorumMissing"),)),
    Fault(name="a strike by a stranger", leaves=resign("struck", (LOG,)), expect=((5, "QuorumMissing"),)),
    Fault(
        name="a strike's reason changed", leaves=changed("struck", reason="ab" * 32), expect=((5, "SignatureInvalid"),)
    ),
    Fault(name="a comment's signature", leaves=false_proof("comment"), expect=((7, "ProofInvalid"),)),
    Fault(name="a comment for another text", leaves=changed("comment", text="ab" * 32), expect=((7, "ProofInvalid"),)),
    Fault(name="a comment in place of two", leaves=copied("comment", "comment", 1), expect=((7, "RuleBroken"),)),
    Fault(
        name="a comment by one who withdrew",
        leaves=_after_withdrawal,
        expect=((7, "RuleBroken"),),
    ),
    Fault(name="a comment missing", files=without_opening(_comment(3)), expect=((8, "CommitmentInvalid"),)),
    Fault(
        name="a struck name that is still there",
        files=with_opening(claim_of(12)),
        expect=(),
    ),
    Fault(
        name="a struck comment that is still there",
        files=with_opening(lambda small: small.openings[_comment(5)(small)]),
        expect=(),
    ),
    Fault(
        name="the reason of a strike missing",
        files=without_opening(_of_first(lambda letter: letter.strikes[0].reason)),
        expect=((8, "CommitmentInvalid"),),
    ),
    Fault(
        name="the source of the first electorate missing",
        files=without_opening(lambda small: small.state.electorates[0].source),
        expect=((8, "CommitmentInvalid"),),
    ),
    Fault(
        name="an update missing in one language",
        files=without_opening(_of_first(lambda letter: letter.updates[0].texts[1].text)),
        expect=((8, "CommitmentInvalid"),),
    ),
    _comment_fault("a comment of nothing but white space", " \n\ufeff".encode()),
    _comment_fault("a comment of nothing", b""),
    _comment_fault("a comment of 1,001 bytes", b"a" * 1001),
    _comment_fault("a comment that steers a terminal", b"\x1b[2J"),
]
