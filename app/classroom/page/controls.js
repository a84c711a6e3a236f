/** The panel "What if": levers first, all other parameters by search; which world they change. */

import { control, labelOf } from "./control.js";
import { el, fill, say, segmented } from "./dom.js";
import { shown as said, tr } from "./languages.js";
import { WORLDS, worldsOf } from "./state.js";

const MOST_FOUND = 40;

/** @param {{change(world, path, value), reset(world), copy(world)}} tell */
export class Controls {
  constructor(tell) {
    this.tell = tell;
    this.world = "b";
    this.which = segmented(
      "Which world the controls change",
      WORLDS.map((name) => [name, name.toUpperCase()]),
      (world) => {
        this.world = world;
        this.show(this.state);
      },
    );
    this.reset = el(
      "button",
      { type: "button", class: "quiet", onclick: () => tell.reset(this.world) },
      "Reset",
    );
    this.copy = el(
      "button",
      { type: "button", class: "quiet", onclick: () => tell.copy(this.target()) },
      "Copy A to B",
    );
    this.levers = el(
      "div",
      { class: "controls" },
      el("p", { class: "empty" }, tr("Reading the scenario ...")),
    );
    this.search = el("input", {
      type: "search",
      placeholder: "such as fear, budget, language",
      "aria-label": "Search all parameters",
      oninput: () => this.find(),
    });
    this.found = el("div", { class: "controls" });
    this.counted = el("p", { class: "note", role: "status" });
    this.element = el(
      "div",
      { class: "panel-body" },
      el(
        "p",
        { class: "note" },
        "Move a slider: the whole history runs again, with the same people and the same luck.",
      ),
      (this.row = el(
        "div",
        { class: "row", hidden: true },
        el("span", { class: "change-in" }, "Change"),
        this.which,
        this.copy,
        this.reset,
      )),
      this.levers,
      el("h2", {}, "All parameters"),
      this.search,
      this.counted,
      this.found,
    );
    this.shown = new Map();
  }

  /** Controls for a scenario. */
  setScenario(scenario) {
    this.scenario = scenario;
    this.row.hidden = false;
    this.shown.clear();
    this.byPath = new Map(scenario.parameters.map((about) => [about.path, about]));
    fill(
      this.levers,
      scenario.levers
        .filter((lever) => this.byPath.has(lever.path))
        .map((lever) => this.made(this.byPath.get(lever.path), lever)),
    );
    this.search.value = "";
    this.find();
  }

  made(about, lever) {
    const made = control(about, lever, (path, value) => this.tell.change(this.world, path, value));
    this.shown.set(`${lever ? "lever" : "found"} ${about.path}`, { made, about });
    return made.element;
  }

  find() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const key of [...this.shown.keys()]) if (key.startsWith("found ")) this.shown.delete(key);
    if (!words.length) {
      say(
        this.counted,
        tr("{number} can be changed here; write a word to find some.", {
          number: this.scenario.parameters.length,
        }),
      );
      fill(this.found);
      return;
    }
    const fits = (about) => {
      const section = this.scenario.sections[about.section].about;
      const own = [labelOf(about), said(about.meaning)]; // in the language that is spoken
      const text = [about.path, about.label, about.meaning, about.unit, section, ...own]
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const all = this.scenario.parameters.filter(fits);
    const few = all.slice(0, MOST_FOUND);
    say(
      this.counted,
      all.length > few.length
        ? tr("{number} found, the first {first} are shown.", { number: all.length, first: few.length })
        : tr("{number} found.", { number: all.length }),
    );
    let section = "";
    const rows = [];
    for (const about of few) {
      const { label, about: title } = this.scenario.sections[about.section];
      if (about.section !== section) rows.push(el("h3", { title }, label));
      section = about.section;
      rows.push(this.made(about, null));
    }
    fill(this.found, rows);
    if (this.state) this.show(this.state);
  }

  /** Where A is copied to. */
  target() {
    return this.world === "a" ? "b" : this.world;
  }

  /** The values of a state. */
  show(state) {
    this.state = state;
    if (!this.scenario) return;
    const names = worldsOf(state);
    // What was added last is what will be changed.
    if (names.length > this.wereMany || !names.includes(this.world)) this.world = names.at(-1);
    if (this.wereMany === undefined && state.two) this.world = "b";
    this.wereMany = names.length;
    this.which.choices(names);
    this.copy.textContent = tr("Copy A to {world}", { world: this.target().toUpperCase() });
    this.which.hidden = !state.two;
    this.copy.hidden = !state.two;
    this.which.previousSibling.hidden = !state.two;
    this.which.show(this.world);
    const sets = state[this.world];
    const against = this.world === "a" ? "b" : "a";
    const other = state[against];
    this.reset.disabled = !Object.keys(sets).length;
    this.reset.textContent = state.two ? tr("Reset {world}", { world: this.world.toUpperCase() }) : "Reset";
    const otherName = against.toUpperCase();
    for (const { made, about } of this.shown.values()) {
      const value = about.path in sets ? sets[about.path] : about.value;
      made.show(
        value,
        otherName,
        state.two ? (about.path in other ? other[about.path] : about.value) : undefined,
      );
    }
  }
}
