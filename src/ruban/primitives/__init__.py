"""Bytes, integers mod l, the ristretto255 group, the one transcript, the one door to randomness.

No I/O. Nothing here knows what a member, a letter or a log is. Ruled by spec/proof.md, sections 1 and 2.
"""
