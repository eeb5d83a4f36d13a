"""Every page and state: no finding of axe, no scrolling sideways on a narrow screen, nothing from elsewhere."""

from __future__ import annotations

import pytest

from tests.journeys.axe import findings, overflow
from tests.journeys.conftest import MakeContext
from tests.journeys.through import Through

LOOKS = [
    pytest.param(language, scheme, id=f"{language} {scheme}")
    for language in ("en", "fr")
    for scheme in ("light", "dark")
]


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_groups_page(context: MakeContext, through: Through, language: str, scheme: str) -> None:
    narrow = context(color_scheme=scheme, viewport={"width": 320, "height": 640})
    through.serve(narrow)
    page = narrow.new_page()
    page.goto(f"http://{through.host}/cast/{language}/")
    assert findings(page) == []
    assert overflow(page) == 0
    assert through.elsewhere == []
