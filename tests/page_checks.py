"""What makes a page readable for all, checked in the browser: names of controls, contrast of texts (WCAG 2.1, AA)."""

# Controls that a screen reader could not name.
UNNAMED = """() => {
  const named = (e) => {
    const text = (id) => document.getElementById(id)?.textContent || '';
    const by = (e.getAttribute('aria-labelledby') || '').split(' ').map(text).join('');
    const labels = e.labels ? [...e.labels].map((label) => label.textContent).join('') : '';
    const own = ['BUTTON', 'SUMMARY', 'A'].includes(e.tagName) ? e.textContent : '';
    return (e.getAttribute('aria-label') || by || labels || own).trim();
  };
  const controls = 'button, input, select, textarea, summary, a[href], canvas';
  const wanted = `${controls}, [role=tab], [role=region], [role=img], [tabindex="0"]`;
  const nameless = [...document.querySelectorAll(wanted)].filter((e) => e.checkVisibility() && !named(e));
  return nameless.map((e) => e.outerHTML.slice(0, 120));
}"""

# Texts whose colour is too near that of what lies under them.
CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((v) => linear(v / 255));
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
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${walk.currentNode.textContent.slice(0, 40)}`);
  }
  return found;
}"""
