"""Where a record is: what `audit` opens itself, and the data folder of a server, which the server's part opens."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from ruban.audit.fetch import Source, open_source
from ruban.cli.boundary import WrongUse
from ruban.cli.main import server_missing
from ruban.errors import FetchFailed, Message
from ruban.published import CHECKPOINT

DATA_FOLDER_MARKS = ("log.db", "database.json", "group/log.db", "group/database.json")
"""A group's folder, or that of a server which keeps it."""
SOURCES, SUBMITTERS, DATA_FOLDER = "ruban.sources", "ruban.submitters", "data-folder"


def open_place(place: str) -> Source:
    """The record at a bundle, a folder, an address, or in a server's data folder.

    Errors as `open_source`; WrongUse for a data folder without the server's part.
    """
    if is_data_folder(place):
        source: Source = server_part(SOURCES, place)(Path(place))
        return source
    return open_source(place)


def is_data_folder(place: str) -> bool:
    """Whether a server keeps its record there. A published folder is none, whatever else lies in it."""
    folder = Path(place)
    if is_address(place) or (folder / CHECKPOINT).exists():
        return False
    return any((folder / mark).is_file() for mark in DATA_FOLDER_MARKS)


def is_address(place: str) -> bool:
    """Whether `place` is meant as a web address."""
    return place.startswith(("http://", "https://"))


def server_part(group: str, place: str) -> Callable[..., Any]:
    """What the server's part provides for data folders under this group of entry points; WrongUse without it."""
    try:
        found = next((point.load() for point in entry_points(group=group, name=DATA_FOLDER)), None)
    except ModuleNotFoundError as absent:
        if absent.name is None or absent.name.partition(".")[0] == "ruban":
            raise
        found = None
    if found is None:
        raise server_missing(place)
    part: Callable[..., Any] = found
    return part


def read_file(path: str, max_bytes: int) -> bytes:
    """The bytes of a file that the reader named; FetchFailed if it is longer than it can be, OSError as it comes."""
    with Path(path).open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise FetchFailed(path, Message("at most {n} bytes", n=max_bytes), Message("more"))
    return data


def refuse_to_overwrite(path: str, force: bool) -> None:
    """WrongUse if the file is there and `force` does not say to replace it."""
    if Path(path).exists() and not force:
        raise WrongUse(
            Message("{path} is already there.", path=path),
            hint=Message("Choose another name, or add --force to replace it."),
        )
