/** The panels at the side, of which one is open: tabs that follow the arrow keys. */

import { el, uniqueId } from "./dom.js";
import { isSheet } from "./sheet.js";

/**
 * @param {Array<[string, string, HTMLElement]>} panels name, words, content
 * @param {(name: string) => void} choose
 */
export class Side {
  constructor(panels, choose) {
    const stem = uniqueId("panel");
    this.tabs = panels.map(([name, words]) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          id: `${stem}-${name}-tab`,
          "aria-controls": `${stem}-${name}`,
          "data-name": name,
          // Of a sheet, the tab of what is open closes it.
          onclick: () => choose(isSheet() && this.element.dataset.open === name ? "" : name),
        },
        words,
      ),
    );
    this.bodies = panels.map(([name, , content]) =>
      el(
        "div",
        {
          role: "tabpanel",
          id: `${stem}-${name}`,
          "aria-labelledby": `${stem}-${name}-tab`,
          tabindex: 0, // it scrolls, and what stands in it need have no control
          "data-name": name,
        },
        content,
      ),
    );
    const list = el("div", { class: "tabs", role: "tablist", "aria-label": "Panels" }, this.tabs);
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = this.tabs.indexOf(document.activeElement);
      const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
      choose(next.dataset.name);
      next.focus();
      event.preventDefault();
      event.stopPropagation();
    });
    this.close = el("button", { type: "button", class: "close quiet", onclick: () => choose("") }, "Close");
    this.element = el("aside", { class: "side", "aria-label": "Panels" }, list, this.close, this.bodies);
  }

  /** The panel of a name; without one the first, or of a sheet none. */
  show(name) {
    const shown = name || (isSheet() ? "" : "change");
    this.element.dataset.open = shown;
    this.tabs.forEach((tab, i) => {
      const on = tab.dataset.name === shown;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on || (!shown && i === 0) ? 0 : -1;
    });
    for (const body of this.bodies) body.hidden = body.dataset.name !== shown;
  }
}
