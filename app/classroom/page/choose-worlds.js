/** The panel "What if" of a hand-out: which of its finished worlds are shown as A and as B. */

import { el } from "./dom.js";
import { tr } from "./languages.js";
import { WORLDS, worldsOf } from "./state.js";

/** @param {Object[]} worlds of the hand-out @param {(change: Object) => void} change of the state */
export class ChooseWorlds {
  constructor(worlds, change) {
    const groups = [...new Set(worlds.map((world) => world.group))];
    const options = () =>
      groups.map((group) => {
        const rows = worlds
          .filter((world) => world.group === group)
          .map((world) => el("option", { value: world.id }, world.label));
        return groups.length > 1 ? el("optgroup", { label: group }, rows) : rows;
      });
    this.rows = WORLDS.map((name) => {
      const words = tr("World {letter}", { letter: name.toUpperCase() });
      const field = `world${name.toUpperCase()}`;
      const select = el(
        "select",
        { "aria-label": words, onchange: () => change({ [field]: select.value }) },
        options(),
      );
      return {
        name,
        field,
        select,
        element: el("label", { class: "choose" }, el("span", {}, words), select),
      };
    });
    this.element = el(
      "div",
      { class: "panel-body" },
      el(
        "p",
        { class: "note" },
        "This file holds finished runs. Choose which to look at; to change a parameter, run the " +
          "model itself.",
      ),
      this.rows.map((row) => row.element),
    );
  }

  setScenario() {}

  show(state) {
    const names = worldsOf(state);
    for (const { name, field, select, element } of this.rows) {
      select.value = state[field];
      element.hidden = !names.includes(name);
    }
  }
}
