/** A chart of lines over the months, each world in its own dashes; values of the month in the legend. */

import { el, fill, say } from "./dom.js";
import { apart, joined, shortDate, valued, yearMonth } from "./format.js";
import { shown, tr } from "./languages.js";
import { roundUp } from "./palette.js";

const AXIS = "#c9cdd1";
const TEXT = "#4a5157";
const DASHES = [[], [5, 3.5], [1.5, 2.5], [9, 2.5, 1.5, 2.5]]; // of worlds A to D
export const FACE = '"Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';

/** Whether a chart has to be drawn anew for the size of its plot and so many pixels a CSS pixel; its canvas takes them. */
export function takesSize(chart, ratio) {
  const [width, height] = [chart.plot.clientWidth, chart.plot.clientHeight].map((size) => Math.max(60, size));
  const font = parseFloat(getComputedStyle(chart.plot).fontSize) || 13;
  const key = `${width} ${height} ${font} ${ratio}`;
  if (key === chart.sized) return false;
  Object.assign(chart, { sized: key, width, height, font, ratio });
  chart.canvas.width = Math.round(width * ratio);
  chart.canvas.height = Math.round(height * ratio);
  return true;
}

/** One chart with its legend and a table of the same numbers. */
export class LineChart {
  /**
   * @param {{title: string, note: string, unit: string, measure: string}} about `measure`: of a world
   * @param {(month: number) => void} choose a month that was clicked
   */
  constructor(about, choose) {
    this.about = { ...about, title: shown(about.title), note: shown(about.note) };
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.cursor = el("div", { class: "cursor", "aria-hidden": "true" });
    this.ahead = el("div", { class: "ahead", "aria-hidden": "true" }); // covers what is yet to come
    this.plot = el(
      "div",
      { class: "plot", "data-wait": tr("Comes with the first run.") },
      this.canvas,
      this.ahead,
      this.cursor,
    );
    this.legend = el("ul", { class: "legend" });
    this.date = el("span", { class: "at" });
    this.table = el(
      "details",
      { class: "as-table", ontoggle: () => this.fillTable() },
      el("summary", { "aria-label": tr("{title}, as a table", { title: this.about.title }) }, tr("Table")),
    );
    this.element = el(
      "figure",
      { class: "chart" },
      el(
        "figcaption",
        {},
        (this.heading = el("h2", {}, this.about.title)),
        (this.note = el("p", {}, this.about.note)),
      ),
      this.plot,
      this.legend,
      this.table,
    );
    this.lines = [];
    this.month = 0;
    this.hover = -1;
    this.plot.addEventListener("pointermove", (event) => this.pointed(event));
    this.plot.addEventListener("pointerleave", () => {
      this.hover = -1;
      this.showMonth();
    });
    this.plot.addEventListener("pointerdown", (event) => {
      this.pointed(event);
      if (this.hover >= 0) choose(this.hover);
    });
  }

  /**
   * `lines`: `{words, colour, values, bands, points, about}`, values by month and `[low, high]` (or null) of each of the
   * worlds that `names` calls; `points`: what was counted, `[month, value]`, if anything, and `about` by whom; `seeds`: over
   * how many seeds bands are, 0 for none.
   */
  setLines(world, names, lines, seeds) {
    this.world = world;
    this.names = names;
    this.lines = lines;
    const { note } = this.about;
    say(this.note, seeds ? tr("{note}; band over {number} seeds", { note, number: seeds }) : note);
    this.heading.title = world.measures[this.about.measure].definition;
    this.items = lines.map((line) => {
      const told = names.map((name) => el("b", { class: `of-${name.toLowerCase()}` }));
      const key = el("span", { class: "key" });
      key.style.borderColor = line.colour;
      const element = el(
        "li",
        { title: line.about },
        key,
        el("span", { class: "name", title: line.words }, line.words),
        told,
      );
      return { told, element };
    });
    fill(
      this.legend,
      names.length > 1 ? worldsHead(names) : null,
      this.items.map((item) => item.element),
    );
    this.table.open = false;
    this.draw();
  }

  size(ratio) {
    if (takesSize(this, ratio)) this.draw();
  }

  draw() {
    if (!this.width || !this.lines.length) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    const months = this.world.months;
    const high = roundUp(most(this.lines));
    const box = this.frame(context, high, months);
    for (const { bands, colour } of this.lines)
      for (const band of bands) if (band) shade(context, band, months, box, high, colour);
    for (const { values, colour } of this.lines) {
      for (let each = values.length - 1; each >= 0; each -= 1) {
        context.setLineDash(DASHES[each]);
        stroke(context, values[each], months, box, high, colour);
      }
    }
    context.setLineDash([]);
    for (const { points, colour } of this.lines)
      if (points) dotted(context, points, months, box, high, colour);
    this.describe();
    this.showMonth();
  }

  /** Axes and their labels; gives the box of the lines. */
  frame(context, high, months) {
    const font = this.font * 0.92;
    context.font = `${font}px ${FACE}`;
    const marks = [0, high / 2, high].map((value) => [value, valued(value, this.about.unit)]);
    const left = Math.max(...marks.map(([, text]) => context.measureText(text).width)) + 8;
    const box = [left, font * 0.7, this.width - 6, this.height - font * 1.6];
    this.box = box;
    Object.assign(this.ahead.style, {
      left: `${box[0] + 1}px`,
      top: `${box[1] - 2}px`,
      width: `${box[2] - box[0] + 4}px`,
      height: `${box[3] - box[1] + 4}px`,
    });
    context.fillStyle = TEXT;
    context.strokeStyle = AXIS;
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [value, text] of marks) {
      const y = Math.round(box[3] - (value / high) * (box[3] - box[1])) + 0.5;
      context.beginPath();
      context.moveTo(box[0], y);
      context.lineTo(box[2], y);
      context.stroke();
      context.fillText(text, left - 6, y);
    }
    context.textBaseline = "alphabetic";
    const [first] = yearMonth(this.world.start, 0);
    const years = months / 12;
    const step = [1, 2, 5, 10, 20, 50].find((each) => (box[2] - box[0]) / (years / each) > font * 4) || 100;
    for (let year = Math.ceil(first / step) * step; year < first + years; year += step) {
      const x = box[0] + ((year - first) * 12 * (box[2] - box[0])) / Math.max(1, months - 1);
      context.textAlign = x > this.width - font * 1.5 ? "right" : x < left + font ? "left" : "center";
      context.fillText(String(year), x, this.height - font * 0.35);
    }
    return box;
  }

  /** Show a month: moves the cursor, and says the values. */
  setMonth(month) {
    this.month = month;
    if (this.hover < 0) this.showMonth();
  }

  showMonth() {
    if (!this.box || !this.world) return;
    const month = Math.min(this.hover >= 0 ? this.hover : this.month, this.world.months - 1);
    const x = this.box[0] + (month * (this.box[2] - this.box[0])) / Math.max(1, this.world.months - 1);
    this.cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
    const left = 1 - Math.min(this.month, this.world.months - 1) / Math.max(1, this.world.months - 1);
    this.ahead.style.transform = `scaleX(${left.toFixed(4)})`;
    for (let i = 0; i < this.lines.length; i += 1) {
      this.lines[i].values.forEach((values, each) =>
        say(this.items[i].told[each], valued(values[month], this.about.unit)),
      );
    }
  }

  pointed(event) {
    if (!this.box || !this.world) return;
    const x = event.clientX - this.plot.getBoundingClientRect().left;
    const share = (x - this.box[0]) / (this.box[2] - this.box[0]);
    this.hover = Math.round(Math.min(1, Math.max(0, share)) * (this.world.months - 1));
    this.showMonth();
  }

  describe() {
    const last = this.world.months - 1;
    const { unit } = this.about;
    const ends = (values) =>
      tr("{low} to {high}", {
        low: valued(values.find(Number.isFinite), unit),
        high: valued(values[last], unit),
      });
    const parts = this.lines.map((line) => {
      const told = line.values.map((values, i) =>
        this.names.length > 1
          ? tr("{value} in {world}", { value: ends(values), world: this.names[i] })
          : ends(values),
      );
      const counted = (line.points || []).map(([month, value]) =>
        tr("{date}: {number}", { date: shortDate(this.world.start, month), number: valued(value, unit) }),
      );
      return tr("{name}: {value}", { name: line.words, value: joined([...told, ...counted]) });
    });
    this.canvas.setAttribute(
      "aria-label",
      tr("{title}, {note}, from {first} to {last}. {lines}.", {
        ...this.about,
        first: shortDate(this.world.start, 0),
        last: shortDate(this.world.start, last),
        lines: apart(parts),
      }),
    );
  }

  /** A row for each year, at its last month. */
  fillTable() {
    if (!this.table.open || !this.world) return;
    const heads = this.lines.flatMap((line) =>
      this.names.map((name) => (this.names.length > 1 ? joined([line.words, name]) : line.words)),
    );
    const rows = [];
    for (let month = 0; month < this.world.months; month += 1) {
      const [year, of] = yearMonth(this.world.start, month);
      if (of !== 12 && month !== this.world.months - 1) continue;
      const cells = this.lines.flatMap((line) => line.values.map((values) => values[month]));
      rows.push([String(year), ...cells.map((value) => valued(value, this.about.unit))]);
    }
    const caption = joined([this.about.title, this.about.note]);
    fillTable(this.table, caption, [tr("year"), ...heads], rows);
  }
}

/** The head of a legend that has a column for each world. */
function worldsHead(names) {
  return el(
    "li",
    { class: "worlds", "aria-hidden": "true" },
    el("span", { class: "name" }),
    names.map((name) => el("b", { class: `of-${name.toLowerCase()}` }, name)),
  );
}

/** Put a table into a `details` element, after its summary. */
export function fillTable(details, caption, heads, rows) {
  const table = el(
    "table",
    {},
    el("caption", {}, el("span", {}, caption)),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        heads.map((head) => el("th", { scope: "col" }, head)),
      ),
    ),
    el(
      "tbody",
      {},
      rows.map(([first, ...rest]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, first),
          rest.map((text) => el("td", {}, text)),
        ),
      ),
    ),
  );
  fill(
    details,
    details.querySelector("summary"),
    el("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": caption }, table),
  );
}

function most(lines) {
  let high = 0;
  for (const line of lines) {
    for (const [, value] of line.points || []) high = Math.max(high, value);
    const highs = line.bands.filter(Boolean).map((band) => band[1]);
    for (const values of [...line.values, ...highs])
      for (const value of values) if (value > high) high = value;
  }
  return high;
}

/** What was counted, as points with a pale edge, so that they stand out from their line. */
function dotted(context, points, months, box, high, colour) {
  context.fillStyle = colour;
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1;
  for (const [month, value] of points) {
    const x = box[0] + (month * (box[2] - box[0])) / Math.max(1, months - 1);
    const y = box[3] - (value / high) * (box[3] - box[1]);
    context.beginPath();
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** A band from low to high, where there is one. */
function shade(context, [low, high], months, box, most, colour) {
  const x = (month) => box[0] + (month * (box[2] - box[0])) / Math.max(1, months - 1);
  const y = (value) => box[3] - (value / most) * (box[3] - box[1]);
  const known = Array.from({ length: months }, (_, month) => month).filter(
    (month) => low[month] === low[month],
  );
  context.beginPath();
  for (const month of known) context.lineTo(x(month), y(high[month]));
  for (const month of known.reverse()) context.lineTo(x(month), y(low[month]));
  context.globalAlpha = 0.2;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}

function stroke(context, values, months, box, high, colour) {
  context.beginPath();
  let open = false;
  for (let month = 0; month < months; month += 1) {
    const value = values[month];
    if (!(value === value)) {
      open = false;
      continue;
    }
    const x = box[0] + (month * (box[2] - box[0])) / Math.max(1, months - 1);
    const y = box[3] - (value / high) * (box[3] - box[1]);
    if (open) context.lineTo(x, y);
    else context.moveTo(x, y);
    open = true;
  }
  context.lineJoin = "round";
  context.lineWidth = 2.25;
  context.strokeStyle = colour;
  context.stroke();
}
