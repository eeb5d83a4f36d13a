"""A record in a folder lies on this machine: elsewhere locks and syncs do not mean what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import StoreError
from ruban.store import file_system
from ruban.store.file_system import check_local, file_system_of
from ruban.store.sqlite import SqliteStore

MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /srv rw - nfs4 host:/srv rw
24 23 254:1 / /srv/local\040disk rw shared:2 - xfs /dev/vdb rw
25 22 0:44 / /mnt/ada rw - tmpfs tmpfs rw
26 22 0:45 / /mnt/ada rw - fuse.sshfs ada@host: rw
a line that says nothing
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/ruban", "ext4"),
        ("/srv/ruban", "nfs4"),
        ("/srvice", "ext4"),
        ("/srv/local disk/ruban", "xfs"),
        ("/mnt/ada/ruban-data", "fuse.sshfs"),
    ],
)
def test_the_nearest_and_latest_mount_is_what_holds_a_folder(mounts: Path, path: str, kind: str) -> None:
    assert file_system_of(Path(path), mounts) == kind


@pytest.mark.parametrize("folder", ["/srv/ruban", "/mnt/ada/ruban-data"])
def test_a_folder_of_another_machine_is_refused_with_what_to_do(mounts: Path, folder: str) -> None:
    with pytest.raises(StoreError) as caught:
        check_local(Path(folder), mounts)
    assert "PostgreSQL" in (caught.value.hint or "")
    check_local(Path("/var/lib/ruban"), mounts)


def test_a_system_that_does_not_say_is_not_asked(tmp_path: Path) -> None:
    assert file_system_of(tmp_path, tmp_path / "none") is None
    check_local(tmp_path, tmp_path / "none")


def test_no_store_is_made_or_opened_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteStore.create(tmp_path / "local").close()
    monkeypatch.setattr(file_system, "file_system_of", lambda *_: "nfs")
    for use in (SqliteStore.create, SqliteStore.open):
        with pytest.raises(StoreError, match="one on a disk of this machine"):
            use(tmp_path / "local")
    with pytest.raises(StoreError):
        SqliteStore.create(tmp_path / "new")
    assert not (tmp_path / "new").exists()
