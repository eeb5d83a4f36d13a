"""The proof that a signature comes from one member of the roll, once, and from nobody in particular.

Parsing, proving and verifying, no I/O; ruled by spec/proof.md, whose step numbers stand in the comments. The paper's
symbols are explained in README.md beside this file.
"""

from ruban.proof.batch import BatchInvalid, Claim, verify_batch
from ruban.proof.enrol import EnrolmentClaim, prove_enrolment
from ruban.proof.prove import prove, prove_together
from ruban.proof.ring import MAX_RING, Ring, Selector, parse_ring
from ruban.proof.secret import MemberSecret, SlotSecret
from ruban.proof.statement import ControlClaim, NameClaim, sign_control, sign_name
from ruban.proof.verify import RingClaim, verify_proof

__all__ = [
    "MAX_RING",
    "BatchInvalid",
    "Claim",
    "ControlClaim",
    "EnrolmentClaim",
    "MemberSecret",
    "NameClaim",
    "Ring",
    "RingClaim",
    "Selector",
    "SlotSecret",
    "parse_ring",
    "prove",
    "prove_enrolment",
    "prove_together",
    "sign_control",
    "sign_name",
    "verify_batch",
    "verify_proof",
]
