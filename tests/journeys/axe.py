"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 AA and its best practices."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from tests.house.source import ROOT

_RUN = """
async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}
"""


@cache
def _axe() -> str:
    return (ROOT / "ts" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def findings(page: Page) -> list[str]:
    """One line for each rule that the page breaks, with the elements that break it."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN)
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 where nobody has to scroll sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
