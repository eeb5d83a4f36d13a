"""The text of a letter as HTML: CommonMark without raw HTML, cleaned once more by a list of what may stay."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    *("p", "em", "strong", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6"),
    *("a", "hr", "br", "code", "pre"),
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_RENDERER = MarkdownIt("commonmark", {"html": False})
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5"}
"""A letter's headings stand below the page's own, of which it has two."""


def markdown_as_html(text: str) -> Markup:
    """HTML of a letter's Markdown, safe in a page: no script, no image, no address but of the web and of e-mail."""
    tokens = _RENDERER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS.get(token.tag, "h6")
    made = _RENDERER.renderer.render(tokens, _RENDERER.options, {})
    cleaned = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(cleaned)
