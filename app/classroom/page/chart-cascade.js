/** The claiming cascade at a date: of a hundred needs, how many get as far as each stage. */

import { el, say } from "./dom.js";
import { apart, count, joined, percent, shortDate, yearMonth } from "./format.js";
import { FACE, fillTable, takesSize } from "./chart-lines.js";
import { tr } from "./languages.js";
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
    this.plot = el("div", { class: "plot bars", "data-wait": tr("Comes with the first run.") }, this.canvas);
    this.table = el(
      "details",
      { class: "as-table", ontoggle: () => this.fillTable() },
      el(
        "summary",
        { "aria-label": tr("{title}, as a table", { title: tr("From a need to help") }) },
        tr("Table"),
      ),
    );
    this.element = el(
      "figure",
      { class: "chart cascade" },
      el(
        "figcaption",
        {},
        (this.heading = el("h2", {}, tr("From a need to help"))),
        (this.note = el("p", {})),
      ),
      this.plot,
      this.table,
    );
    this.month = 0;
  }

  /** `all`: of each of the worlds that `names` calls, [stage][month] sums from the first month on. */
  setSeries(world, names, all) {
    this.world = world;
    this.stages = STAGES.map((name) => term(world, "stage", name).label);
    this.heading.title = world.measures.cascade.definition;
    this.begun = shortDate(world.start, 0);
    say(this.note, tr("of needs that ended since {date}", { date: this.begun }));
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
    this.describe(month);
  }

  describe(month) {
    const told = (series) =>
      joined(
        this.stages.slice(1).map((words, i) => {
          const share = this.isEarly(month) ? NaN : series[i + 1][month] / series[0][month];
          return tr("{name}: {value}", { name: words, value: percent(share) });
        }),
      );
    const values = apart(
      this.all.map((series, i) =>
        this.all.length > 1
          ? tr("in {world}: {value}", { world: this.names[i], value: told(series) })
          : told(series),
      ),
    );
    this.canvas.setAttribute(
      "aria-label",
      tr("From a need to help, of all needs that ended from {first} to the date: {values}.", {
        first: this.begun,
        values,
      }),
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
      early ? tr("after a year") : all > 0 ? percent(share) : tr("none"),
      left + wide * share + 5,
      top + thick / 2 + 0.5,
    );
    context.font = `${font}px ${FACE}`;
  }

  fillTable() {
    if (!this.table.open || !this.world) return;
    const worlds = this.all.map((series, i) => [this.names[i], series]);
    const heads = worlds.flatMap(([name]) =>
      this.stages.map((words) => (worlds.length > 1 ? joined([words, name]) : words)),
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
      tr("From a need to help, needs that ended from {first} to each December", { first: this.begun }),
      [tr("year"), ...heads],
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
