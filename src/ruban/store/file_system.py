"""Which file system a folder lies on. On one that lies elsewhere, locks and syncs do not mean what a store needs."""

from __future__ import annotations

from pathlib import Path

from ruban.errors import Message, StoreError

ELSEWHERE = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "glusterfs", "lustre", "beegfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.davfs2", "davfs"),
    }
)
"""Types of file systems, as Linux names them, whose files lie on another machine or behind another one's locks."""
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPES = ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\"))


def check_local(folder: Path, mounts: Path = _MOUNTS) -> None:
    """StoreError if `folder` lies on one of ELSEWHERE. Systems that do not say where a folder lies are not asked."""
    found = file_system_of(folder.resolve(), mounts)
    if found in ELSEWHERE:
        raise StoreError(
            "folder",
            Message("one on a disk of this machine"),
            found,
            hint=Message(
                "Its locks cannot be relied on. Choose a folder of this machine, or keep the record in PostgreSQL."
            ),
        )


def file_system_of(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """The type of the file system that holds `path`, or what is to be made there; None where the system tells none."""
    if not mounts.is_file():
        return None
    best, kind = -1, None
    for line in mounts.read_text("utf-8", errors="replace").split("\n"):
        mount, separator, rest = line.partition(" - ")
        fields = mount.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = Path(_unescaped(fields[4]))
        # Of two mounted over one another, the later one is seen.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), rest.split(" ")[0]
    return kind


def _unescaped(text: str) -> str:
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    return text
