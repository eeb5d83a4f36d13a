"""Letters as organisers handle them: typed, saved, opened."""

from __future__ import annotations

from tests.web.organiser.conftest import cast, client, empty_site, organiser, site

__all__ = ["cast", "client", "empty_site", "organiser", "site"]
