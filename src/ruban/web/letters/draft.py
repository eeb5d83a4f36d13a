"""A letter that is not yet in the record, as its readers may see it while people enrol."""

from __future__ import annotations

from typing import Any

from ruban.web.letters.markdown import markdown_as_html
from ruban.web.letters.reading import Version


def draft_version(draft: dict[str, Any], language: str) -> Version:
    """The draft in a reader's language if it has one, else in its first."""
    texts = draft["texts"]
    return _version(next((one for one in texts if one["lang"].partition("-")[0] == language), texts[0]))


def draft_versions(draft: dict[str, Any]) -> tuple[Version, ...]:
    """The draft in all its languages; the first prevails."""
    return tuple(_version(text) for text in draft["texts"])


def _version(text: dict[str, Any]) -> Version:
    return Version(
        lang=text["lang"],
        title=text["title"],
        addressee=text["addressee"],
        demands=tuple(text["demands"]),
        body=markdown_as_html(text["body"]),
    )
