"""An export of one size: a record that grows while it is written has it written again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ruban.audit.fetch import FolderSource
from ruban.audit.verify import audit
from ruban.errors import StoreError
from ruban.web import as_files
from ruban.web.as_files import export
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.service.test_adopt import sign
from tests.web.states import nobody_yet

files_of = as_files.files_of


def test_a_record_that_grows_meanwhile_is_written_anew(
    site: Site, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = nobody_yet(site, cast)
    members = iter([0])

    def grows(here: Site) -> Iterator[tuple[str, bytes]]:
        yield from files_of(here)
        for member in members:
            sign(cast, member)
            cast.release()
            return

    monkeypatch.setattr(as_files, "files_of", grows)
    made = export(site, tmp_path / "www")
    assert made.entries == site.size
    verdict = audit(FolderSource(tmp_path / "www" / "cast"))[0]
    assert [letter.tally.signed for letter in verdict.letters] == [1]
    said = (tmp_path / "www" / "cast" / "en" / "letters" / page.token / "index.html").read_text()
    assert "1 has signed of the 12" in said


def test_one_that_never_stands_still_leaves_what_was_there(
    site: Site, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_yet(site, cast)
    export(site, tmp_path / "www")
    before = (tmp_path / "www").resolve()

    def restless(here: Site) -> Iterator[tuple[str, bytes]]:
        yield from files_of(here)
        here.changes += 1

    monkeypatch.setattr(as_files, "files_of", restless)
    with pytest.raises(StoreError, match="stands still"):
        export(site, tmp_path / "www")
    assert (tmp_path / "www").resolve() == before
    assert [path.name for path in tmp_path.glob(".www-*")] == [before.name]
