"""A browser that has signed in as Ada, the organiser of the cast's group."""

from __future__ import annotations

import pytest
from django.test import Client

from ruban.web.organiser import access
from ruban.web.organiser.links import new_link
from ruban.web.rate import RateLimit
from ruban.web.site import Site
from tests.web.site_fixtures import cast, client, database, empty_site, site

__all__ = ["cast", "client", "database", "empty_site", "organiser", "site"]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has tried to sign in yet."""
    monkeypatch.setattr(access, "sign_ins", RateLimit(60))


@pytest.fixture
def organiser(site: Site, client: Client) -> Client:
    """The client, signed in as organiser 0."""
    client.post(new_link(0, site.clock()))
    return client
