"""What goes wrong with a page whose text is twice as large (WCAG 1.4.4): nothing is cut off or overlaps."""

from __future__ import annotations

from playwright.sync_api import Page, ViewportSize

from tests.journeys.axe import overflow

WINDOW: ViewportSize = {"width": 640, "height": 640}
"""As wide as a page is on a screen of 1280 pixels that is zoomed to 200 %."""

_RUN = """
() => {
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden, .skip, option');
  const inside = (element) => element.parentElement.closest('.table, pre') !== null;
  const name = (element) => `<${element.localName}> ${(element.textContent || element.value).trim().slice(0, 40)}`;
  const found = [];
  const boxes = [];
  for (const element of document.body.querySelectorAll('*')) {
    if (!seen(element)) continue;
    const style = getComputedStyle(element);
    const scrolls = element.matches('.table, textarea, input, select') || style.overflowX === 'auto';
    const wide = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    const high = element.scrollHeight > element.clientHeight + 1 && element.clientHeight > 0;
    const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible' || element.matches('button, .button');
    if (!scrolls && clips && (wide || (high && style.overflowY !== 'visible'))) found.push(`cut off: ${name(element)}`);
    const box = element.getBoundingClientRect();
    if (!inside(element) && (box.left < -1 || box.right > innerWidth + 1)) found.push(`beyond: ${name(element)}`);
    if (element.matches('button, input, select, textarea, .button')) boxes.push({ element, box });
    else {
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
        if (element.closest('button, .button, svg')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const rect of range.getClientRects()) boxes.push({ element, box: rect });
      }
    }
  }
  for (let i = 0; i < boxes.length; i += 1) {
    for (let j = i + 1; j < boxes.length; j += 1) {
      const [a, b] = [boxes[i].box, boxes[j].box];
      if (boxes[i].element === boxes[j].element) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Lines of one paragraph may touch: what is higher than a line's spacing lies on top of something.
      if (across > 2 && down > Math.min(a.height, b.height) / 3)
        found.push(`overlap: ${name(boxes[i].element)} and ${name(boxes[j].element)}`);
    }
  }
  return [...new Set(found)];
}
"""


def crowded(page: Page) -> list[str]:
    """One line for each place that does not bear text of 200 % in WINDOW; the page is left as it was."""
    before = page.viewport_size
    page.set_viewport_size(WINDOW)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found: list[str] = page.evaluate(_RUN)
    if overflow(page):
        found.append(f"{overflow(page)} pixels too wide")
    page.evaluate("document.documentElement.style.fontSize = ''")
    if before is not None:
        page.set_viewport_size(before)
    return [f"200 %: {one}" for one in found]
