"""The log: opaque leaves, their Merkle tree, tiles, notes, checkpoints and receipts, in the formats of C2SP.

No I/O, no clock, no knowledge of what a leaf means, so that it can be reviewed against C2SP alone.
Ruled by spec/log.md.
"""
