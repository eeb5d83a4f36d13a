"""`ruban move` from a server that runs: its pages say so, it takes nothing in, and another folder goes on."""

from __future__ import annotations

import os
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.manage.test_private_tables import ruban
from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        text: str = answer.read().decode()
    return text


@pytest.mark.slow
def test_a_server_moves_out_and_another_folder_goes_on(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "moving.ruban"
    with cast_of(old, window=0) as cast:
        cast.now = int(time.time()) - 10
        letter = cast.open_letter(5 * DAY).letter_id
    ruban("organiser", "link", "--data", str(old))
    token = give_page(old, letter)
    with serving(old) as running:
        shown = f"http://{running.host}/cast/en/letters/{token}/"
        assert "moving to another machine" not in page(shown)
        done = ruban("move", "out", str(file), "--yes", "--data", str(old))
        assert "moving to another machine" in page(shown)
        standing: Any = ruban("status", "--data", str(old))
        assert standing["group"]["moved"] is True
        assert "has moved" in standing["next"]
    assert os.stat(file).st_mode & 0o777 == 0o600
    with serving(old) as running:
        # Also after a new start.
        assert "moving to another machine" in page(f"http://{running.host}/cast/en/letters/{token}/")
    came = ruban("move", "in", str(file), "--data", str(new))
    assert (came["entries"], came["frozen"]) == (done["entries"], False)
    with serving(new) as running:
        text = page(f"http://{running.host}/cast/en/letters/{token}/")
        assert "moving to another machine" not in text
        # Whoever answers under the address of a group that has left, while its server rests, has the group.
        with pytest.raises(AssertionError, match="another machine serves"):
            ruban("move", "back", "--yes", "--data", str(old), port=running.host.partition(":")[2])
    with pytest.raises(AssertionError, match="without a group"):
        ruban("move", "in", str(file), "--data", str(new))
    ruban("move", "back", "--yes", "--data", str(old))
    assert not list(old.rglob("moved.json"))
