"""What makes a page readable for all, checked in the browser: names of controls, contrast of texts (WCAG 2.1, AA)."""

# Controls that a screen reader could not name.
UNNAMED = """() => {
  const named = (e) => {
    const by = (e.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.textContent || '').join('');
    const labels = e.labels ? [...e.labels].map((label) => label.textContent).join('') : '';
    const own = ['BUTTON', 'SUMMARY', 'A'].includes(e.tagName) ? e.textContent : '';
    return (e.getAttribute('aria-label') || by || labels || own).trim();
  };
  const wanted = 'button, input, select, textarea, summary, a[href], canvas, [role=tab], [role=region], [role=img], [tabindex="0"]';
  return [...document.querySelectorAll(wanted)].filter((e) => e.checkVisibility() && !named(e)).map((e) => e.outerHTML.slice(0, 120));
}"""

# Texts whose colour is too near that of what lies under them.
CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.9) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.querySelector('.lc'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.checkVisibility() || e.closest(':disabled')) continue;
    const style = getComputedStyle(e);
    const [one, two] = [light(channels(style.color)), light(ground(e))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${walk.currentNode.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""
