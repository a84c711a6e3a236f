/** The panel "What if" of a hand-out: which of its finished worlds are shown as A and as B. */

import { el } from "./dom.js";

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
    this.a = el(
      "select",
      { "aria-label": "World A", onchange: () => change({ worldA: this.a.value }) },
      options(),
    );
    this.b = el(
      "select",
      { "aria-label": "World B", onchange: () => change({ worldB: this.b.value }) },
      options(),
    );
    this.rowB = el("label", { class: "choose" }, el("span", {}, "World B"), this.b);
    this.element = el(
      "div",
      { class: "panel-body" },
      el(
        "p",
        { class: "note" },
        "This file holds finished runs. Choose which to look at; to change a parameter, run the " +
          "model itself.",
      ),
      el("label", { class: "choose" }, el("span", {}, "World A"), this.a),
      this.rowB,
    );
  }

  setScenario() {}

  show(state) {
    this.a.value = state.worldA;
    this.b.value = state.worldB;
    this.rowB.hidden = !state.two;
  }
}
