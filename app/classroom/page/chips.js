/** What a world has set over its scenario, as chips that take it back. */

import { inWorld, shown } from "./control.js";
import { el } from "./dom.js";

/** @param {Object} scenario @param {Object} sets path -> value @param {(path: string) => void} drop */
export function chips(scenario, sets, drop) {
  return Object.entries(sets).map(([path, value]) => {
    const about = scenario.parameters.find((each) => each.path === path);
    const words = about ? about.label : path;
    const before = about ? ` (${shown(inWorld(about, about.value))} in the scenario)` : "";
    return el(
      "span",
      { class: "chip", title: `${about ? about.meaning : path}${before}` },
      words, // a text of its own, to be found in another language
      ` = ${shown(about ? inWorld(about, value) : value)}`,
      el("button", { type: "button", "aria-label": `Take back ${path}`, onclick: () => drop(path) }, "×"),
    );
  });
}
