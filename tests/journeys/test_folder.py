"""A group that lives on as a folder is recounted by its own pages, behind a web server that knows nothing of it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import MakeContext
from tests.manage.test_export import ended
from tests.manage.test_private_tables import ruban
from tests.web.test_elsewhere import served

__all__ = ["ended"]


def test_the_pages_own_verifier_recounts_a_folder(
    ended: tuple[Path, str], tmp_path: Path, context: MakeContext
) -> None:
    data, token = ended
    ruban("export", str(tmp_path / "www"), "--data", str(data))
    page = context().new_page()
    with served(tmp_path / "www") as address:
        page.goto(f"{address}/cast/en/letters/{token}/check/")
        page.locator("[data-part=recount]").click()
        expect(page.locator("[data-stage=holds]")).to_contain_text("7 signed, of 12 enrolled, of 14 entitled")
