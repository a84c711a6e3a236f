/** Lives of the corners: the same person in both worlds, with the same luck, told in sentences. */

import { el, fill } from "./dom.js";
import { awayFrom } from "./grid_map.js";
import { tr, trNumber } from "./languages.js";
import { parting } from "./parting.js";
import { unpacked } from "./unpack.js";

export class GridLives {
  constructor(grid, standing) {
    this.grid = grid;
    this.standing = standing;
    this.opened = new Map();
    this.migrant = "";
    this.choice = el("select", {
      "aria-label": tr("Whose life"),
      onchange: () => {
        this.migrant = this.choice.value;
        this.draw();
      },
    });
    this.apart = el("p", { class: "apart", role: "status" });
    this.boxes = { a: el("div", { class: "side" }), b: el("div", { class: "side" }) };
    this.element = el(
      "section",
      { class: "lives", "aria-labelledby": "lives-title" },
      el("h2", { id: "lives-title" }, tr("A life at the corners")),
      el(
        "p",
        { class: "note" },
        tr("The same person with the same luck, in both worlds. All of it is simulated."),
      ),
      el("div", { class: "row" }, this.choice),
      this.apart,
      el("div", { class: "pair" }, this.boxes.a, this.boxes.b),
    );
  }

  async show({ a, b }) {
    this.now = { a: this.grid.point(a), b: this.grid.point(b) };
    const points = [this.now.a, this.now.b].filter((point) => this.grid.lives.corners[point]);
    await Promise.all(points.map((point) => this.open(point)));
    this.draw();
  }

  async open(point) {
    if (this.opened.has(point)) return;
    const told = new TextDecoder().decode(await unpacked(this.grid.lives.corners[point]));
    this.opened.set(point, JSON.parse(told));
  }

  draw() {
    const two = this.now.a !== this.now.b;
    const worlds = { a: this.opened.get(this.now.a), b: two ? this.opened.get(this.now.b) : null };
    this.boxes.b.hidden = !two;
    this.fillChoice(worlds.a || worlds.b, worlds);
    const told = {};
    for (const world of ["a", "b"]) {
      const held = worlds[world];
      if (!held) {
        if (!this.boxes[world].hidden) fill(this.boxes[world], awayFrom(this, world));
        continue;
      }
      told[world] = held.told[this.migrant];
      fill(
        this.boxes[world],
        el("h3", {}, two ? tr("In world {letter}", { letter: world.toUpperCase() }) : tr("In both worlds")),
        el("p", { class: "summary" }, told[world].summary),
        el(
          "div",
          {
            class: "story",
            tabindex: 0,
            role: "region",
            "aria-label": tr("The life in world {letter}", { letter: world.toUpperCase() }),
          },
          el(
            "ol",
            {},
            told[world].paragraphs.map(({ date, text }) => el("li", {}, el("strong", {}, date), ` ${text}`)),
          ),
        ),
      );
    }
    this.apart.textContent = told.a && told.b ? partingWords(told.a, told.b) : "";
  }

  fillChoice(held, worlds) {
    this.choice.parentNode.hidden = !held;
    if (!held) return;
    const helped = (world, migrant) => {
      const { met, needs } = worlds[world].lives.find((life) => life.migrant === migrant);
      return tr("{met} of {needs}", { met, needs });
    };
    const options = held.lives.map((life, i) => {
      const { migrant, door, needs } = life;
      const told = { door: this.doorOf(door), number: needs };
      const words =
        worlds.a && worlds.b
          ? tr("{door}: needs met, A {first}, B {other}", {
              ...told,
              first: helped("a", migrant),
              other: helped("b", migrant),
            })
          : trNumber("{door}: {number} need, {met} met", "{door}: {number} needs, {met} met", needs, {
              ...told,
              met: life.met,
            });
      return el("option", { value: migrant }, `${i + 1}. ${words}`);
    });
    fill(this.choice, options);
    if (!held.told[this.migrant]) this.migrant = held.lives[0].migrant;
    this.choice.value = this.migrant;
  }

  /** What a door of entry is called. */
  doorOf(name) {
    return this.grid.doors?.[name] || name.replace(/_/g, " ") || tr("migrant");
  }
}

function partingWords(a, b) {
  const found = parting(a, b);
  return found
    ? found.text
    : tr("The two lives are the same throughout: nothing that differs has touched this person.");
}
