"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 AA and its best practices."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.house.source import ROOT

_COLOURS = "color-contrast"

_RUN = """
async (rules) => {
  const found = await axe.run(document, { resultTypes: ['violations'], ...rules });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}
"""


@cache
def _axe() -> str:
    return (ROOT / "ts" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def findings(page: Page) -> list[str]:
    """One line for each rule that the page breaks, with the elements that break it."""
    return _run(page, {})


def findings_of_colours(page: Page) -> list[str]:
    """The same of the one rule that a colour scheme can break."""
    return _run(page, {"runOnly": [_COLOURS]})


def findings_of_words(page: Page) -> list[str]:
    """The same of all rules but that one: what a language can break."""
    return _run(page, {"rules": {_COLOURS: {"enabled": False}}})


def _run(page: Page, rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, rules)
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 where nobody has to scroll sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
