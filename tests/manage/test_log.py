"""`ruban log adopt`, and what the commands say of a record that is older than what was signed."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from tests.manage.commands import Shell
from tests.manage.test_commands import enrol_everybody, open_group, open_letter, shell

__all__ = ["shell"]


def test_a_record_put_back_from_an_old_copy_signs_nothing_until_the_rest_is_adopted(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    shutil.copytree("ruban-data", "old")
    letter = open_letter(shell)
    assert shell("bundle", "ruban-data", "--out", "whole.zip").code == 0
    assert shell("bundle", "ruban-data", "--letter", letter, "--out", "part.zip").code == 0
    for path in Path("ruban-data").glob("*.db*"):
        path.unlink()
    for path in Path("old").glob("*.db*"):
        shutil.copy(path, Path("ruban-data") / path.name)
    refused = shell("letter", "open", "letter.md")
    assert refused.code == 1
    assert "an older copy" in refused.err
    assert "ruban log adopt" in refused.err
    looked = shell("doctor")
    assert looked.code == 1
    assert "ruban log adopt" in looked.out
    assert "all letters" in shell("log", "adopt", "part.zip").err
    adopted = shell("log", "adopt", "whole.zip", "--json")
    assert adopted.code == 0, adopted.err
    assert adopted.json == {"added": 1, "entries": 38, "rows": 0, "waiting": 0, "frozen": False}
    assert "more than the 38 entries" in shell("log", "adopt", "whole.zip").err
    assert shell("verify", "ruban-data").code == 0
    assert shell("letter", "list", "--json").json["letters"][0]["letter"] == letter


def test_a_copy_that_does_not_hold_is_not_adopted(shell: Shell) -> None:
    open_group(shell)
    assert shell("bundle", "ruban-data", "--out", "whole.zip").code == 0
    with zipfile.ZipFile("whole.zip") as whole, zipfile.ZipFile("less.zip", "w") as less:
        for name in whole.namelist():
            less.writestr(name, b"" if name.startswith("payloads/") else whole.read(name))
    keys = Path("ruban-data/keys")
    for path in Path("ruban-data").glob("*.db*"):
        path.unlink()
    refused = shell("log", "adopt", "less.zip")
    assert refused.code == 1
    assert "ruban verify" in refused.err
    assert shell("log", "adopt", "whole.zip").code == 0
    assert shell("verify", "ruban-data").code == 0
    shutil.move(keys, "elsewhere")
    for path in Path("ruban-data").glob("*.db*"):
        path.unlink()
    assert "keys back first" in shell("log", "adopt", "whole.zip").err
