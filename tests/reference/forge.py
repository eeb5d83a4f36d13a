"""Valid ring proofs at the cost of scalars, from the secrets of a whole ring. For benches and large tests alone.

Whoever knows how every stub opens needs no multiplication a stub: C_i = s_i G + r_i H, hence
Q_e = (Σ p_{i,e} s_i) G + (Σ p_{i,e} r_i + ρ_e) H. The bytes are those of `prove` with the same nonces.
"""

from __future__ import annotations

from collections.abc import Sequence

from ruban.primitives.group import add, multiply, multiply_base, vartime_multiscalar
from ruban.primitives.scalar import L
from ruban.primitives.transcript import Tag, challenge
from ruban.proof import Ring, SlotSecret
from ruban.proof.codec import Proof, encode_proof
from ruban.proof.generators import BASE, H, K
from ruban.proof.verify import statement_digest


def index_polynomials(digits: list[int], a: list[list[int]]) -> list[list[int]]:
    """p_i(X) = Π_j (σ_{j,i_j} X + a_{j,i_j}) for 0 ≤ i < 4^m, each as its coefficients from X^0 up to its degree.

    Most i share few digits with the signer's index, so most lists are short: (1 + m/4)·4^m coefficients in all.
    """
    polynomials = [[1]]
    for j in reversed(range(len(digits))):
        longer = []
        for p in polynomials:
            for d in range(BASE):
                q = [a[j][d] * c % L for c in p]
                if d == digits[j]:
                    q = [(low + high) % L for low, high in zip([*q, 0], [0, *p], strict=True)]
                longer.append(q)
        polynomials = longer
    return polynomials


def forge(
    ring: Ring,
    secrets: Sequence[SlotSecret],
    index: int,
    letter_id: bytes,
    message: bytes,
    *,
    nonce_salt: bytes | None = None,
) -> bytes:
    """A proof by the member at `index`; `secrets` are those of all stubs of `ring`, in its order. Not verified here."""
    N, m, own = len(ring.stubs), ring.m, secrets[index]
    digits = [index // BASE**j % BASE for j in range(m)]
    sd = statement_digest(ring, letter_id, own.tag, message)
    draw = own.nonces(sd, nonce_salt)
    r_A, r_B, k_P = next(draw), next(draw), next(draw)
    rho = [next(draw) for _ in range(m)]
    a = [[next(draw) for _ in range(1, BASE)] for _ in range(m)]
    a = [[-sum(row) % L, *row] for row in a]
    cells = [(j, d) for j in range(m) for d in range(BASE)]
    A = vartime_multiscalar(
        [(a[j][d], K[0][j][d]) for j, d in cells] + [(-(a[j][d] ** 2), K[1][j][d]) for j, d in cells] + [(r_A, H)]
    )
    B = vartime_multiscalar(
        [(1, K[0][j][digits[j]]) for j in range(m)]
        + [(a[j][d] * (1 - 2 * (d == digits[j])), K[1][j][d]) for j, d in cells]
        + [(r_B, H)]
    )
    on_G, on_H = [0] * m, list(rho)
    for i, p in enumerate(index_polynomials(digits, a)):
        opening = secrets[min(i, N - 1)]
        for e, c in enumerate(p[:m]):
            on_G[e] += c * opening.s
            on_H[e] += c * opening.r
    Q = tuple(add(multiply_base(g), multiply(h, H)) for g, h in zip(on_G, on_H, strict=True))
    R = multiply_base(k_P)
    xi = challenge(Tag.CHALLENGE, sd, b"".join((A, B, *Q, R)))
    return encode_proof(
        Proof(
            P=own.tag,
            A=A,
            B=B,
            Q=Q,
            R=R,
            f=tuple(tuple(((d == digits[j]) * xi + a[j][d]) % L for d in range(1, BASE)) for j in range(m)),
            z_A=(r_A + xi * r_B) % L,
            z=(own.r * pow(xi, m, L) - sum(rho[e] * pow(xi, e, L) for e in range(m))) % L,
            z_P=(k_P + xi * own.x) % L,
        )
    )
