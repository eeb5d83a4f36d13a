"""Fixtures of the pages: see site_fixtures."""

from tests.web.site_fixtures import cast, client, database, empty_site, site

__all__ = ["cast", "client", "database", "empty_site", "site"]
