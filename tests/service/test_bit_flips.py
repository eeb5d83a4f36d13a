"""One bit of a file changes, as on a failing disk: the start refuses, or nothing that counts has changed."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ruban.audit.report import Verdict
from ruban.errors import RubanError, StoreError
from ruban.log.merkle import leaf_hash
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.service.enrol import Enrolment, enrol
from ruban.service.open_group import open_keeper
from ruban.service.submit import submit
from tests.service.cast import Cast, cast_of

FLIPS = 150
FILES = ("log.db", "openings.db", "desk.db", "keys/high-water.note")


def lived(cast: Cast) -> set[bytes]:
    """A letter with signatures, recorded and waiting; the hashes of all that was acknowledged."""
    letter = cast.open_letter()
    for member in range(6):
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[member]), cast.now)
    submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[6], cast.name(6)), cast.now)
    cast.release()
    submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[7], cast.name(7)), cast.now)
    enrol(cast.keeper, Enrolment(cast.invited[12].code, cast.row(12)), cast.now)
    store = cast.keeper.store
    return {*store.leaf_hashes(), *(leaf_hash(leaf) for leaf in store.pending())}


def counted(cast: Cast) -> Verdict:
    """What a stranger says, but for how long it took."""
    return replace(cast.verdict(), proof_seconds=0.0)


@pytest.mark.parametrize("file", FILES)
def test_a_bit_that_flips_is_noticed_or_changes_nothing_that_counts(tmp_path: Path, file: str) -> None:
    draw = random.Random(file)
    with cast_of(tmp_path) as cast:
        acknowledged = lived(cast)
        verdict = counted(cast)
        row = cast.row(3)
        cast.keeper.close()
        sound = tmp_path / "sound"
        shutil.copytree(cast.folder, sound)
        size, refused = (sound / file).stat().st_size, 0
        for _ in range(FLIPS):
            shutil.rmtree(cast.folder)
            shutil.copytree(sound, cast.folder)
            with (cast.folder / file).open("r+b") as changed:
                changed.seek(draw.randrange(size))
                byte = changed.read(1)[0]
                changed.seek(-1, 1)
                changed.write(bytes([byte ^ 1 << draw.randrange(8)]))
            try:
                cast.keeper = open_keeper(cast.folder)
            except StoreError:
                refused += 1
                continue
            store = cast.keeper.store
            assert acknowledged == {*store.leaf_hashes(), *(leaf_hash(leaf) for leaf in store.pending())}
            assert counted(cast) == verdict
            with pytest.raises(RubanError):  # used, or damaged and unknown; never let in twice
                enrol(cast.keeper, Enrolment(cast.invited[3].code, row), cast.now)
            cast.keeper.close()
        assert refused > 0
        cast.keeper = open_keeper(sound)
