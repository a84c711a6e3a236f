/** The claiming cascade at a date: of a hundred needs, how many get as far as each stage. */

import { el } from "./dom.js";
import { count, percent, yearMonth } from "./format.js";
import { FACE, fillTable, takesSize } from "./chart-lines.js";
import { shown } from "./languages.js";
import { SPAN } from "./series.js";
import { STAGES, term } from "./vocabulary.js";

const COLOURS = ["#0b5c94", "#b34700", "#2c6e49", "#6a3d9a"]; // of worlds A to D
const STRIPES = [
  null,
  [
    [-6, 6],
    [0, 6],
    [6, 6],
  ],
  [
    [0, -6],
    [6, -6],
    [12, -6],
  ],
  [
    [0, 0],
    [3, 0],
    [6, 0],
  ],
]; // from x, by x

/** Bars by stage, one for each world, A above; others than A are striped, each its own way. */
export class CascadeChart {
  constructor() {
    this.stages = [];
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.plot = el("div", { class: "plot bars" }, this.canvas);
    this.table = el(
      "details",
      { class: "as-table", ontoggle: () => this.fillTable() },
      el("summary", { "aria-label": "From a need to help as a table" }, "Table"),
    );
    this.element = el(
      "figure",
      { class: "chart cascade" },
      el(
        "figcaption",
        {},
        (this.heading = el("h3", {}, "From a need to help")),
        el("p", {}, "of needs that ended in 12 months"),
      ),
      this.plot,
      this.table,
    );
    this.month = 0;
  }

  /** `all`: of each of the worlds that `names` calls, [stage][month] sums over twelve months. */
  setSeries(world, names, all) {
    this.world = world;
    this.stages = STAGES.map((name) => shown(term(world, "stage", name).label)); // drawn, no text of the page
    this.heading.title = world.measures.cascade.definition;
    this.names = names;
    this.all = all;
    this.table.open = false;
    this.draw();
  }

  size(ratio) {
    if (!takesSize(this, ratio)) return;
    this.fills = null;
    this.draw();
  }

  setMonth(month) {
    if (month === this.month) return;
    this.month = month;
    this.draw();
  }

  draw() {
    if (!this.width || !this.all) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.fills =
      this.fills || COLOURS.map((colour, i) => (STRIPES[i] ? striped(context, colour, STRIPES[i]) : colour));
    const month = Math.min(this.month, this.world.months - 1);
    const { stages } = this;
    const row = this.height / stages.length;
    const font = Math.min(this.font, row * 0.62);
    context.font = `${font}px ${FACE}`;
    const left = Math.max(...stages.map((words) => context.measureText(words).width)) + 9;
    const right = context.measureText("100%").width + 8;
    const wide = this.width - left - right;
    const many = this.all.length;
    const thick = many > 1 ? (row * 0.84) / many : row * 0.62;
    context.textBaseline = "middle";
    for (let stage = 0; stage < stages.length; stage += 1) {
      const top = stage * row;
      context.fillStyle = "#1d2327";
      context.textAlign = "right";
      context.fillText(stages[stage], left - 8, top + row / 2);
      this.all.forEach((series, each) => {
        const down = top + (many > 1 ? row * 0.08 + each * thick : row * 0.19);
        this.bar(context, series, month, stage, this.fills[each], left, down, wide, thick * 0.95, font);
      });
    }
    const told = (series) =>
      stages
        .slice(1)
        .map(
          (words, i) =>
            `${words} ${percent(this.isEarly(month) ? NaN : series[i + 1][month] / series[0][month])}`,
        )
        .join(", ");
    this.label = this.all
      .map((series, i) => (many > 1 ? `in ${this.names[i]} ${told(series)}` : told(series)))
      .join("; ");
    this.canvas.setAttribute(
      "aria-label",
      `From a need to help, of all needs in the twelve months to the date: ${this.label}.`,
    );
  }

  /** Whether no year is full yet: there is no rate. */
  isEarly(month) {
    return this.world.months > SPAN && month < SPAN - 1;
  }

  bar(context, series, month, stage, colour, left, top, wide, thick, font) {
    const early = this.isEarly(month);
    const all = early ? 0 : series[0][month];
    const share = all > 0 ? series[stage][month] / all : 0;
    context.fillStyle = colour;
    context.fillRect(left, top, Math.max(1, wide * share), thick);
    context.fillStyle = "#1d2327";
    context.textAlign = "left";
    context.font = `${Math.min(font, thick * 1.25)}px ${FACE}`;
    context.fillText(
      early ? "after a year" : all > 0 ? percent(share) : "none",
      left + wide * share + 5,
      top + thick / 2 + 0.5,
    );
    context.font = `${font}px ${FACE}`;
  }

  fillTable() {
    if (!this.table.open || !this.world) return;
    const worlds = this.all.map((series, i) => [this.names[i], series]);
    const heads = worlds.flatMap(([name]) =>
      this.stages.map((words) => (worlds.length > 1 ? `${words}, ${name}` : words)),
    );
    const rows = [];
    for (let month = 0; month < this.world.months; month += 1) {
      const [year, of] = yearMonth(this.world.start, month);
      if (of !== 12 && month !== this.world.months - 1) continue;
      rows.push([
        String(year),
        ...worlds.flatMap(([, series]) => series.map((stage) => count(stage[month]))),
      ]);
    }
    fillTable(
      this.table,
      "From a need to help, needs that ended in the twelve months to December",
      ["year", ...heads],
      rows,
    );
  }
}

/** The fill of a world beside A: stripes, so that it is not the colour alone that tells it. */
function striped(context, colour, lines) {
  const tile = document.createElement("canvas");
  tile.width = 6;
  tile.height = 6;
  const paint = tile.getContext("2d");
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 6, 6);
  paint.strokeStyle = "rgba(255, 255, 255, 0.55)";
  paint.lineWidth = 1.4;
  paint.beginPath();
  for (const [from, by] of lines) {
    paint.moveTo(from, 6);
    paint.lineTo(from + by, 0);
  }
  paint.stroke();
  return context.createPattern(tile, "repeat");
}
