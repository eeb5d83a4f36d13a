"""Never fork: a record that is shorter than one that was signed, or went another way, signs nothing.

A copy put back from a backup is whole and signed. Whoever signed on from there would make two records of one, which
anybody who has seen both could prove. So the mark beside the keys is asked, and whoever else may know more.
"""

from __future__ import annotations

from ruban.errors import Message
from ruban.log.checkpoint import Checkpoint, open_checkpoint
from ruban.service.keeper import Frozen, Keeper, one_at_a_time

MARK = Message("the mark beside the keys")


@one_at_a_time
def compare_with(keeper: Keeper, note: bytes, where: str) -> None:
    """Freeze the keeper unless its record leads to the checkpoint in `note`, and remember that one beside the keys.

    CheckpointInvalid or FormatError for a note that these keys have not signed: it says nothing about this record.
    """
    group = keeper.state.opened
    checkpoint = open_checkpoint(note, group.origin, group.log_key)
    if freeze_unless(keeper, checkpoint, where) and keeper.mark is not None:
        # The next start knows it too, even if nobody answers then.
        keeper.mark.raise_to(checkpoint.size, note)


def freeze_unless(keeper: Keeper, checkpoint: Checkpoint, where: str) -> bool:
    """Freeze the keeper unless its record leads to a checkpoint of these keys; whether that was needed."""
    if keeper.leads_to(checkpoint.size, checkpoint.root):
        return False
    freeze(keeper, where, checkpoint.size, checkpoint.root)
    return True


def freeze(keeper: Keeper, where: str, size: int, root: bytes | None) -> None:
    """Sign nothing from now on. A fork, once found, is not forgotten for a record that is merely shorter."""
    if keeper.frozen is None or not keeper.frozen.forked:
        keeper.frozen = Frozen(where, size, root, keeper.tree.size)
