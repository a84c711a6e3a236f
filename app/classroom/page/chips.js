/** What a world has set over its scenario, as chips that take it back. */

import { inWorld, labelOf, shown } from "./control.js";
import { el } from "./dom.js";
import { shown as said, tr } from "./languages.js";

/** @param {Object} scenario @param {Object} sets path -> value @param {(path: string) => void} drop */
export function chips(scenario, sets, drop) {
  return Object.entries(sets).map(([path, value]) => {
    const about = scenario.parameters.find((each) => each.path === path);
    const words = about ? labelOf(about) : path;
    const title = about
      ? tr("{meaning} ({value} in the scenario)", {
          meaning: said(about.meaning),
          value: shown(inWorld(about, about.value)),
        })
      : path;
    const told = { parameter: words, value: shown(about ? inWorld(about, value) : value) };
    return el(
      "span",
      { class: "chip", title },
      tr("{parameter} = {value}", told),
      el(
        "button",
        {
          type: "button",
          "aria-label": tr("Take back {parameter}", { parameter: path }),
          onclick: () => drop(path),
        },
        "×",
      ),
    );
  });
}
