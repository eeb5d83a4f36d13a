"""The hot routes over the cast's group, with Django behind them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ruban.web.composition import make_django
from ruban.web.hot.app import HotApp
from ruban.web.site import Site
from tests.web.hot.asgi_client import AsgiClient


@pytest.fixture
def hot(site: Site) -> Iterator[AsgiClient]:
    app = HotApp(site, make_django(site.configuration))
    yield AsgiClient(app, site.configuration.public_host)
    app.close()
