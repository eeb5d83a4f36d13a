"""The record and the pages of a group as plain files: what any web server can serve, also when this one is gone.

A page is `index.html` in the folder of its address, so that links lead where they did. They say how things stood when
they were made; signing and enrolling need a server.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruban.durable import PUBLIC, sync_folder, write_durably
from ruban.errors import Message, Refused, StoreError
from ruban.language import LANGUAGES
from ruban.primitives.encoding import parse_hex
from ruban.published import CHECKPOINT
from ruban.web.api import count_answer
from ruban.web.letters.card import card_of
from ruban.web.letters.models import LetterPage
from ruban.web.letters.record import BUNDLE, Letters, bundle, for_devices, public_letters, published
from ruban.web.pages import COPIED_AT, DIST
from ruban.web.site import Site

PARTS = ("", "names/", "check/", "doubt/")
"""Pages of a letter, below its address."""
INDEX = "index.html"
_NO_LIMIT = 1 << 40


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written."""

    files: int
    entries: int


def export(site: Site, target: Path) -> Exported:
    """Write everything that readers get to `target`, a link to a folder beside it, which changes whole or not at all.

    Refused if `target` is there and is no link of ours; StoreError where the disk refuses or a page cannot be made.
    """
    if target.exists() and not target.is_symlink():
        raise Refused("folder", Message("a new name, or one that an export has made"), Message("another folder"))
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        count = _write_at_one_size(site, folder)
        folder.chmod(0o755)
        before = target.resolve() if target.is_symlink() else None
        fresh = folder.with_name(f"{folder.name}.link")
        fresh.symlink_to(folder.name)
        fresh.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreError("folder", Message("one that can be written to"), error.strerror or "") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if before is not None and before.parent == target.parent.resolve() and before.name.startswith(f".{target.name}-"):
        shutil.rmtree(before)
    return Exported(count, site.size)


def _write_at_one_size(site: Site, folder: Path) -> int:
    """Pages and record of one size: begun again if the record grows meanwhile; at last nothing is taken in so long."""
    for still in (nullcontext(), nullcontext(), site.kept.lock):
        with still:
            before = site.size, site.changes
            count = _write(folder, files_of(site))
            if (site.size, site.changes) == before:
                return count
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    raise StoreError("record", Message("one that stands still for a moment"), Message("one that grows all the time"))


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    for name, content in files:
        count += 1
        path = folder / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_durably(path, content, PUBLIC)
    return count


def files_of(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every file by its path below the web root; checkpoints last, when all that they sign is there."""
    prefix = site.prefix.strip("/")
    for path in sorted(DIST.iterdir()):
        yield f"static/{path.name}", path.read_bytes()
    for address in _addresses(site):
        yield f"{prefix}{address}{INDEX}", _page(site, f"/{prefix}{address}")
    # Where a web server might list what lies there, the letters that are listed nowhere too.
    for folder in (INDEX, f"{prefix}/letters/{INDEX}"):
        yield folder, _page(site, f"/{prefix}/")
    devices = for_devices(site)
    for page, letter_id in _letters(site):
        yield f"{prefix}/count/{letter_id.hex()}", count_answer(site, letter_id.hex()).body
        if page.public:
            yield f"{prefix}/letters/{page.token}/card.png", card_of(site, letter_id)
    for name in devices.names():
        yield f"{prefix}/{name}", devices.read(name)
    checkpoints = []
    for folder, letters in _records(site):
        source = published(site, letters)
        yield f"{prefix}/{folder}{BUNDLE}", bundle(site, letters)
        for name in source.names():
            file = (f"{prefix}/{folder}{name}", source.read(name, _NO_LIMIT))
            if name == CHECKPOINT:
                checkpoints.append(file)
            else:
                yield file
    yield from checkpoints


def _records(site: Site) -> Iterator[tuple[str, Letters]]:
    """Where a record lies, and with the openings of which letters."""
    yield "", public_letters(site)
    for page, letter_id in _letters(site):
        yield f"letters/{page.token}/", (letter_id,)


def _letters(site: Site) -> Iterator[tuple[LetterPage, bytes]]:
    """The letters that somebody can read, those that are listed nowhere too."""
    for page in LetterPage.objects.filter(letter_id__isnull=False):
        letter_id = parse_hex("letter", page.letter_id or "", 32)
        if site.is_published(letter_id):
            yield page, letter_id


def _addresses(site: Site) -> Iterator[str]:
    """Every public page, in each language and in that of readers who ask for none."""
    folders = [folder for folder, _ in _records(site) if folder]
    for language in ("", *(f"{name}/" for name in LANGUAGES)):
        yield f"/{language}"
        for folder in folders:
            yield from (f"/{language}{folder}{part}" for part in PARTS)


def _page(site: Site, path: str) -> bytes:
    """What Django answers to a reader of this address who sends nothing."""
    from django.core.wsgi import get_wsgi_application

    configuration, said = site.configuration, list[str]()
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": configuration.public_host.partition(":")[0],
        "SERVER_PORT": str(configuration.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": configuration.public_host,
        "HTTP_ACCEPT_LANGUAGE": configuration.language,
        COPIED_AT: site.clock(),
        "wsgi.url_scheme": "https" if configuration.secure else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        said.append(status)

    body = b"".join(get_wsgi_application()(environ, start_response))  # type: ignore[arg-type]  # wsgiref's own type
    if not said[0].startswith("200 "):
        raise StoreError("page", Message("one that can be made"), said[0])
    return body
