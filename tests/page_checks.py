"""What every page is held to: controls have names, words stand out from what is behind them, all is reached by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Every control that is seen has a name: its label, its words, or what is said of it.
_NAMELESS = """() => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true });
  const named = (each) => {
    const by = (each.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
    const words = [
      each.getAttribute('aria-label'), each.getAttribute('title'), each.getAttribute('alt'),
      ...by.map((id) => document.getElementById(id)?.textContent),
      ...Array.from(each.labels || [], (label) => label.textContent),
      ['INPUT', 'SELECT', 'TEXTAREA'].includes(each.tagName) ? '' : each.textContent,
      each.querySelector?.('img[alt]')?.alt,
    ];
    return words.some((text) => (text || '').trim());
  };
  const controls = 'button, a[href], input:not([type=hidden]), select, textarea, summary, [tabindex="0"], [role=img], '
    + 'img';
  return Array.from(document.querySelectorAll(controls)).filter((each) => seen(each) && !named(each))
    .map((each) => each.outerHTML.slice(0, 120));
}"""

# The contrast (WCAG 2.2, 1.4.3) of each text with what is painted behind it; large text may do with less. What is
# disabled need not be read.
_FAINT = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (top, below) => {
    const a = top.length > 3 ? top[3] : 1;
    return [0, 1, 2].map((i) => top[i] * a + below[i] * (1 - a));
  };
  const behind = (each) => {
    const layers = [];
    for (let at = each; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length > 3 && colour[3] === 0) continue;
      layers.push(colour);
      if (colour.length < 4 || colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const each = walker.currentNode.parentElement;
    if (!text || each.closest('script, style, noscript, option, .unseen, :disabled, title, desc')) continue;
    if (!each.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(each);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ground = behind(each);
    const ink = over(numbers(each instanceof SVGElement ? style.fill : style.color), ground);
    const [high, low] = [light(ink), light(ground)].sort((one, two) => two - one);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < (large ? 3 : 4.5)) found.push(`${contrast.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return found;
}"""

# What can be worked and is seen, in order: to be reached by Tab.
_WORKED = """() => Array.from(document.querySelectorAll('button, a[href], input, select, textarea, summary'))
  .filter((each) => !each.disabled && each.checkVisibility() && !each.closest('.skip'))
  .filter((each) => !(each.type === 'radio' && !each.checked))
  .map((each) => { each.dataset.toReach = 'yes'; return each; }).length"""
_REACHED = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return false;
  delete each.dataset.toReach;
  return true;
}"""
_LEFT = (
    "() => Array.from(document.querySelectorAll('[data-to-reach]'), (each) => each.outerHTML.slice(0, 120))"
)


def nameless(page: Page) -> list[str]:
    """Controls and pictures that a screen reader has no name for."""
    found: list[str] = page.evaluate(_NAMELESS)
    return found


def faint(page: Page) -> list[str]:
    """Texts with too little contrast, each with what it has."""
    found: list[str] = page.evaluate(_FAINT)
    return found


def out_of_reach(page: Page) -> list[str]:
    """What can be worked by hand and not be come to by Tab."""
    count = page.evaluate(_WORKED)
    assert count, "there is nothing to work"
    page.evaluate(
        "() => { document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus(); }"
    )
    for _ in range(3 * count + 30):
        page.keyboard.press("Tab")
        page.evaluate(_REACHED)
    found: list[str] = page.evaluate(_LEFT)
    return found


def wrong_with(page: Page) -> list[str]:
    """All of the above, with everything unfolded that can be; then it is as it was."""
    page.evaluate(
        """() => document.querySelectorAll('details:not([open])').forEach((each) => {
          each.dataset.was = 'folded';
          each.open = true;
        })"""
    )
    found = [*nameless(page), *faint(page), *out_of_reach(page)]
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    page.evaluate(
        """() => document.querySelectorAll('[data-was]').forEach((each) => {
          each.open = false;
          delete each.dataset.was;
        })"""
    )
    return [*found, *([f"it is {wide} pixels wider than the screen"] if wide > 0 else [])]
