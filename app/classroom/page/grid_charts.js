/** The charts of a grid: from need to help, who met it, statuses, towns, years, and along one slider. */

import { el } from "./dom.js";
import { number, percent, sentence } from "./format.js";
import { Figure, bands, bars } from "./grid_svg.js";
import { banded, precise } from "./grid_words.js";

const SHARE = "share of needs";
const BY_YEAR = [
  ["needs_met", "needs met", SHARE],
  ["level", "service level, mean", "level, 0 to 1"],
  ["unmet_rate", "unmet needs", "per 1,000 person-years"],
];

export class GridCharts {
  constructor(grid) {
    this.grid = grid;
    const band = grid.band();
    this.cascade = new Figure(
      "From a need to help",
      `Of 100 needs, how many get as far as each step. Lines: ${band}.`,
    );
    this.who = new Figure("Who met the need", `Share of needs. Lines: ${band}.`);
    this.rungs = new Figure("Needs met, by status", `Share of the needs of each group. Lines: ${band}.`);
    this.places = grid.places.length
      ? new Figure("Needs met, by town", `Share of needs. Lines: ${band}.`)
      : null;
    this.measure = el(
      "select",
      { "aria-label": "What is shown by year", onchange: () => this.showYears() },
      BY_YEAR.map(([name, label]) => el("option", { value: name }, sentence(label))),
    );
    this.years = new Figure("Over the years", `Line: mean of the seeds. Band: ${band}.`, this.measure);
    this.slider = el(
      "select",
      { "aria-label": "Which slider is moved", onchange: () => this.showAlong() },
      grid.factors.map(({ label }, i) => el("option", { value: i }, label)),
    );
    this.outcome = el(
      "select",
      { "aria-label": "Which outcome is shown", onchange: () => this.showAlong() },
      grid.outcomes.map(({ name, label }) => el("option", { value: name }, label)),
    );
    this.alone = new Figure(
      "Along one slider",
      `The other sliders stay where they stand. Dot and square: where the worlds stand. Band: ${band}.`,
      el("div", { class: "row" }, this.slider, this.outcome),
    );
    this.all = [this.cascade, this.who, this.rungs, this.places, this.years, this.alone].filter(Boolean);
    this.element = el(
      "section",
      { "aria-labelledby": "charts-title" },
      el("h2", { id: "charts-title" }, "Charts"),
      el("p", { class: "note" }, "World A is solid and blue; world B is hatched or dashed, and orange."),
      el(
        "div",
        { class: "charts" },
        this.all.map((figure) => figure.element),
      ),
    );
  }

  show(now) {
    this.now = now;
    this.a = this.grid.point(now.a);
    this.b = this.grid.point(now.b);
    this.two = this.a !== this.b;
    const { grid } = this;
    const steps = grid.stages.map(({ name, label }) => [label, name === "needs" ? null : `cascade ${name}`]);
    this.showBars(this.cascade, steps, "Step");
    const who = grid.providers.map(({ name, label }) => [sentence(label), `met_by_${name}`]);
    this.showBars(this.who, [...who, ["Nobody", "who nobody"]], "Who");
    const rungs = grid.rungs.map(({ name, label }) => [label, `rung ${name}`]);
    this.showBars(this.rungs, rungs, "Status");
    if (this.places)
      this.showBars(
        this.places,
        grid.places.map((name, i) => [name, `place ${i}`]),
        "Town",
      );
    this.showYears();
    this.showAlong();
  }

  /** `rows` of label and column; a column of null is all. */
  showBars(figure, rows, head) {
    const all = { mean: 1, low: 1, high: 1, n: this.grid.seeds };
    const of = (point, column) => (column === null ? all : this.grid.summary(point, column));
    const found = rows.map(([label, column]) => ({
      label,
      a: of(this.a, column),
      b: this.two ? of(this.b, column) : null,
    }));
    const told = found.map(({ label, a, b }) =>
      b
        ? `${label}: A ${precise(a.mean, SHARE)}, B ${precise(b.mean, SHARE)}`
        : `${label}: ${precise(a.mean, SHARE)}`,
    );
    const ends = found.flatMap(({ a, b }) => [a.high, b ? b.high : 0]).filter(Number.isFinite);
    const most = Math.max(...ends) > 0.6 ? 1 : Math.max(0.1, Math.ceil(Math.max(...ends) * 10) / 10);
    figure.set(bars(found, { most }), `Bars. ${told.join(". ")}.`, {
      columns: this.columns(head),
      rows: found.map(({ label, a, b }) => [label, banded(a, SHARE), ...(b ? [banded(b, SHARE)] : [])]),
    });
  }

  columns(head) {
    const band = `mean (${this.grid.band()})`;
    return this.two ? [head, `World A: ${band}`, `World B: ${band}`] : [head, `Both worlds: ${band}`];
  }

  showYears() {
    const [name, label, unit] = BY_YEAR.find(([each]) => each === this.measure.value);
    const of = (point) => this.grid.years.map((year) => this.grid.summary(point, `year ${name} ${year}`));
    const xs = this.grid.years.map(String);
    this.years.called(`${sentence(label)}, over the years`);
    this.showLines(this.years, xs, of(this.a), this.two ? of(this.b) : null, {
      label,
      unit,
      head: "Year",
      sparse: true,
    });
  }

  showAlong() {
    const slider = Number(this.slider.value);
    const { name, label, unit } = this.grid.outcomes.find((each) => each.name === this.outcome.value);
    const { values, label: head } = this.grid.factors[slider];
    this.alone.called(`${label}, along “${head}”`);
    const along = (at) =>
      values.map((_, step) =>
        this.grid.summary(this.grid.point(at.map((own, i) => (i === slider ? step : own))), name),
      );
    const marks = [this.now.a[slider], this.now.b[slider]];
    this.showLines(this.alone, values, along(this.now.a), this.two ? along(this.now.b) : null, {
      label,
      unit,
      head,
      marks,
    });
  }

  showLines(figure, xs, a, b, { label, unit, head, marks = [null, null], sparse = false }) {
    const share = unit.startsWith("share");
    const lines = [
      { world: "a", of: a, marked: marks[0] },
      ...(b ? [{ world: "b", of: b, marked: marks[1] }] : []),
    ];
    const say = share ? percent : number;
    const last = xs.length - 1;
    const told = lines
      .map(
        ({ world, of }) =>
          `World ${world.toUpperCase()}: ${say(of[0].mean)} at ${xs[0]}, ${say(of[last].mean)} at ${xs[last]}`,
      )
      .join(". ");
    figure.set(bands(xs, lines, { share, sparse }), `Lines of ${label} (${unit}). ${told}.`, {
      columns: this.columns(head),
      rows: xs.map((x, i) => [x, banded(a[i], unit), ...(b ? [banded(b[i], unit)] : [])]),
    });
  }

  size() {
    for (const figure of this.all) figure.size();
  }
}
