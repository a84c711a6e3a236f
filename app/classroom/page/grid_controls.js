/** The sliders of both worlds, which snap to the values that were run, and what takes a move back. */

import { el, segmented, uniqueId } from "./dom.js";
import { tr, trTerm } from "./languages.js";

const WORLDS = ["a", "b"];

export class GridControls {
  /**
   * @param {Object} grid
   * @param {Object} standing where the sliders stand
   */
  constructor(grid, standing) {
    this.grid = grid;
    this.standing = standing;
    this.sliders = { a: [], b: [] };
    this.undo = el("button", { type: "button", onclick: () => standing.undo() }, tr("Undo"));
    this.redo = el("button", { type: "button", onclick: () => standing.redo() }, tr("Redo"));
    this.which = segmented(
      tr("Whose sliders are shown"),
      [
        ["a", tr("World {letter}", { letter: "A" })],
        ["b", tr("World {letter}", { letter: "B" })],
      ],
      (world) => this.turn(world),
    );
    this.which.classList.add("which");
    const own = () => standing.put({ a: grid.own(), b: grid.own() });
    this.buttons = el(
      "div",
      { class: "row" },
      this.undo,
      this.redo,
      el(
        "button",
        { type: "button", onclick: own, title: tr("Both worlds as the scenario has it") },
        tr("Reset"),
      ),
      el(
        "button",
        { type: "button", onclick: () => standing.put({ a: standing.now.a, b: [...standing.now.a] }) },
        tr("B as A"),
      ),
      el("button", { type: "button", class: "print", onclick: () => window.print() }, tr("Print")),
    );
    this.element = el(
      "section",
      { class: "controls", "aria-label": tr("Sliders") },
      this.which,
      WORLDS.map((world) => this.worldOf(world)),
      this.buttons,
      this.meanings(),
    );
    this.turn("b");
    document.addEventListener("keydown", (event) => this.key(event));
  }

  worldOf(world) {
    const name = world.toUpperCase();
    const rows = this.grid.factors.map((factor, slider) => {
      const id = uniqueId("slider");
      const value = el("output", { for: id });
      const input = el("input", {
        id,
        type: "range",
        min: 0,
        max: factor.values.length - 1,
        step: 1,
        "aria-label": `${tr("World {letter}", { letter: name })}: ${factor.label}`,
        oninput: () => this.standing.move(world, slider, Number(input.value)),
      });
      this.sliders[world].push({ input, value });
      const ticks = el(
        "div",
        { class: "ticks", "aria-hidden": "true" },
        factor.values.map((each) => el("span", {}, each)),
      );
      return el(
        "div",
        { class: "slider", "data-slider": `${world}-${factor.name}` },
        el("div", { class: "said" }, el("label", { for: id }, factor.label), value),
        input,
        ticks,
      );
    });
    return el(
      "fieldset",
      { class: `world ${world}` },
      el(
        "legend",
        {},
        el("span", { class: `badge ${world}` }, name),
        ` ${tr("World {letter}", { letter: name })}`,
      ),
      rows,
    );
  }

  meanings() {
    const told = this.grid.factors.map(({ label, about, unit, own, values }) => [
      el("dt", {}, label),
      el(
        "dd",
        {},
        [about, unit && `(${trTerm(unit, "unit")})`].filter(Boolean).join(" ") || tr("Named settings."),
        " ",
        own === null
          ? tr("The scenario itself has none of these values.")
          : tr("The scenario itself: {value}.", { value: values[own] }),
      ),
    ]);
    return el(
      "details",
      { class: "meanings" },
      el("summary", {}, tr("What the sliders mean")),
      el("dl", {}, told),
    );
  }

  /** On a narrow screen one world's sliders are shown. */
  turn(world) {
    this.which.show(world);
    this.element.dataset.shown = world;
  }

  show({ a, b }) {
    const at = { a, b };
    for (const world of WORLDS) {
      this.sliders[world].forEach(({ input, value }, i) => {
        const { values, own } = this.grid.factors[i];
        const step = at[world][i];
        const said = values[step];
        input.value = String(step);
        input.setAttribute(
          "aria-valuetext",
          step === own ? tr("{value}, as the scenario has it", { value: said }) : said,
        );
        value.textContent = step === own ? tr("{value} (as it is)", { value: said }) : said;
      });
    }
    this.undo.disabled = !this.standing.before.length;
    this.redo.disabled = !this.standing.after.length;
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.tagName === "TEXTAREA") return;
    const letter = event.key.toLowerCase();
    const back = letter === "z" && !event.shiftKey;
    const again = letter === "y" || (letter === "z" && event.shiftKey);
    if (!back && !again) return;
    event.preventDefault();
    if (back) this.standing.undo();
    else this.standing.redo();
  }
}
