"""Making the proof (spec/proof.md, 5). Runs on the member's machine; secrets meet nothing else here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ruban.primitives.group import add, multiply, multiply_base, vartime_multiscalar
from ruban.primitives.scalar import L
from ruban.primitives.transcript import Tag, challenge
from ruban.proof.batch import verify_batch
from ruban.proof.codec import Proof, encode_proof
from ruban.proof.fold import fold_ring
from ruban.proof.generators import BASE, H, K
from ruban.proof.ring import Ring
from ruban.proof.secret import SlotSecret
from ruban.proof.verify import RingClaim, statement_digest, verify_proof

Progress = Callable[[float], None]
"""Told the share done, 0 to 1."""


def prove(
    ring: Ring,
    index: int,
    secret: SlotSecret,
    letter_id: bytes,
    message: bytes,
    *,
    nonce_salt: bytes | None = None,
    progress: Progress = lambda share: None,
) -> bytes:
    """The bytes of a proof that one stub of `ring` was opened for `message` under `letter_id`, verified before release.

    `index` is the place of the secret's stub in the ring. ValueError if it is not there. `nonce_salt` is for vectors
    and reproducible command-line use: never give the same one for two different statements.
    """
    data = _prove(ring, index, secret, letter_id, message, nonce_salt, lambda share: progress(0.7 * share))
    # 5.7 A fault in the computation must not leave the machine: it could give the secret away.
    verify_proof(ring, letter_id, message, data)
    progress(1.0)
    return data


def prove_together(
    ring: Ring, signers: Sequence[tuple[int, SlotSecret]], letter_id: bytes, message: bytes
) -> list[bytes]:
    """A proof for each signer (place and secret) of one ring and message, all verified in one batch before release.

    For a machine that many share. ValueError as `prove`; BatchInvalid, and no proof at all, if one of them is false.
    """
    made = [_prove(ring, index, secret, letter_id, message, None, lambda share: None) for index, secret in signers]
    # 5.7 As above; the ring's terms are shared.
    verify_batch([RingClaim.parse(ring, letter_id, message, data) for data in made])
    return made


def _prove(
    ring: Ring,
    index: int,
    secret: SlotSecret,
    letter_id: bytes,
    message: bytes,
    nonce_salt: bytes | None,
    progress: Progress,
) -> bytes:
    """5.1 to 5.6: a proof that nobody has verified."""
    if not 0 <= index < len(ring.stubs) or ring.stubs[index] != secret.stub:
        raise ValueError("the secret does not open that stub of the ring")
    if (secret.roll_id, secret.slot) != (ring.roll_id, ring.slot):
        raise ValueError("the secret is for another roll or slot")
    m = ring.m
    # 5.1 The digits of the index in base 4, the least significant first.
    digits = [index // BASE**j % BASE for j in range(m)]
    sd = statement_digest(ring, letter_id, secret.tag, message)
    while True:
        # 5.2 Nonces, in this order.
        draw = secret.nonces(sd, nonce_salt)
        r_A, r_B, k_P = next(draw), next(draw), next(draw)
        rho = [next(draw) for _ in range(m)]
        a = [[next(draw) for _ in range(1, BASE)] for _ in range(m)]
        a = [[-sum(row) % L, *row] for row in a]
        # 5.3 Commitments to the digits and to what makes them bits.
        A = vartime_multiscalar(
            [(a[j][d], K[0][j][d]) for j in range(m) for d in range(BASE)]
            + [(-a[j][d] * a[j][d], K[1][j][d]) for j in range(m) for d in range(BASE)]
            + [(r_A, H)]
        )
        B = vartime_multiscalar(
            [(1, K[0][j][digits[j]]) for j in range(m)]
            + [(-a[j][d] if d == digits[j] else a[j][d], K[1][j][d]) for j in range(m) for d in range(BASE)]
            + [(r_B, H)]
        )
        # 5.4 The polynomials of all places at once; those past the ring's end count for its last stub.
        *folded, _own_stub = fold_ring(ring.stubs, digits, a, progress)
        Q = [add(point, multiply(rho_e, H)) for point, rho_e in zip(folded, rho, strict=True)]
        R = multiply_base(k_P)
        # 5.5 The challenge binds the statement and the whole first message.
        xi = challenge(Tag.CHALLENGE, sd, b"".join((A, B, *Q, R)))
        if xi != 0:
            break
        nonce_salt = None
    # 5.6 The responses.
    f = tuple(tuple(((d == digits[j]) * xi + a[j][d]) % L for d in range(1, BASE)) for j in range(m))
    proof = Proof(
        P=secret.tag,
        A=A,
        B=B,
        Q=tuple(Q),
        R=R,
        f=f,
        z_A=(r_A + xi * r_B) % L,
        z=(secret.r * pow(xi, m, L) - sum(rho[e] * pow(xi, e, L) for e in range(m))) % L,
        z_P=(k_P + xi * secret.x) % L,
    )
    return encode_proof(proof)
