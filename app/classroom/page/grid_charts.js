/** The charts of a grid: from need to help, who met it, statuses, towns, years, and along one slider. */

import { el } from "./dom.js";
import { number, percent, sentence } from "./format.js";
import { Figure, bands, bars } from "./grid_svg.js";
import { banded, precise } from "./grid_words.js";
import { later, tr, trTerm } from "./languages.js";

const SHARE = later("share of needs");
const BY_YEAR = [
  ["needs_met", later("needs met"), SHARE],
  ["level", later("service level, mean"), later("level, 0 to 1")],
  ["unmet_rate", later("unmet needs"), later("per 1,000 person-years")],
];

export class GridCharts {
  constructor(grid) {
    this.grid = grid;
    const band = grid.band();
    this.cascade = new Figure(
      tr("From a need to help"),
      tr("Of 100 needs, how many get as far as each step. Lines: {band}.", { band }),
    );
    this.who = new Figure(tr("Who met the need"), tr("Share of needs. Lines: {band}.", { band }));
    this.rungs = new Figure(
      tr("Needs met, by status"),
      tr("Share of the needs of each group. Lines: {band}.", { band }),
    );
    this.places = grid.places.length
      ? new Figure(tr("Needs met, by town"), tr("Share of needs. Lines: {band}.", { band }))
      : null;
    this.measure = el(
      "select",
      { "aria-label": tr("What is shown by year"), onchange: () => this.showYears() },
      BY_YEAR.map(([name, label]) => el("option", { value: name }, sentence(tr(label)))),
    );
    this.years = new Figure(
      tr("Over the years"),
      tr("Line: mean of the seeds. Band: {band}.", { band }),
      this.measure,
    );
    this.slider = el(
      "select",
      { "aria-label": tr("Which slider is moved"), onchange: () => this.showAlong() },
      grid.factors.map(({ label }, i) => el("option", { value: i }, label)),
    );
    this.outcome = el(
      "select",
      { "aria-label": tr("Which outcome is shown"), onchange: () => this.showAlong() },
      grid.outcomes.map(({ name, label }) => el("option", { value: name }, label)),
    );
    this.alone = new Figure(
      tr("Along one slider"),
      tr("The other sliders stay where they stand. Dot and square: where the worlds stand. Band: {band}.", {
        band,
      }),
      el("div", { class: "row" }, this.slider, this.outcome),
    );
    this.all = [this.cascade, this.who, this.rungs, this.places, this.years, this.alone].filter(Boolean);
    this.element = el(
      "section",
      { "aria-labelledby": "charts-title" },
      el("h2", { id: "charts-title" }, tr("Charts")),
      el("p", { class: "note" }, tr("World A is solid and blue; world B is hatched or dashed, and orange.")),
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
    this.showBars(this.cascade, steps, tr("Step"));
    const who = grid.providers.map(({ name, label }) => [sentence(label), `met_by_${name}`]);
    this.showBars(this.who, [...who, [tr("Nobody"), "who nobody"]], tr("Who"));
    const rungs = grid.rungs.map(({ name, label }) => [label, `rung ${name}`]);
    this.showBars(this.rungs, rungs, tr("Status"));
    if (this.places)
      this.showBars(
        this.places,
        grid.places.map((name, i) => [name, `place ${i}`]),
        tr("Town"),
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
    figure.set(bars(found, { most }), tr("Bars. {values}.", { values: told.join(". ") }), {
      columns: this.columns(head),
      rows: found.map(({ label, a, b }) => [label, banded(a, SHARE), ...(b ? [banded(b, SHARE)] : [])]),
    });
  }

  columns(head) {
    const band = this.grid.band();
    return this.two
      ? [head, ...["A", "B"].map((letter) => tr("World {letter}: mean ({band})", { letter, band }))]
      : [head, tr("Both worlds: mean ({band})", { band })];
  }

  showYears() {
    const [name, words, unit] = BY_YEAR.find(([each]) => each === this.measure.value);
    const label = tr(words);
    const of = (point) => this.grid.years.map((year) => this.grid.summary(point, `year ${name} ${year}`));
    const xs = this.grid.years.map(String);
    this.years.called(tr("{measure}, over the years", { measure: sentence(label) }));
    this.showLines(this.years, xs, of(this.a), this.two ? of(this.b) : null, {
      label,
      unit,
      head: tr("Year"),
      sparse: true,
    });
  }

  showAlong() {
    const slider = Number(this.slider.value);
    const { name, label, unit } = this.grid.outcomes.find((each) => each.name === this.outcome.value);
    const { values, label: head } = this.grid.factors[slider];
    this.alone.called(tr("{outcome}, along “{slider}”", { outcome: label, slider: head }));
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
      .map(({ world, of }) =>
        tr("World {letter}: {first} at {begin}, {last} at {end}", {
          letter: world.toUpperCase(),
          first: say(of[0].mean),
          begin: xs[0],
          last: say(of[last].mean),
          end: xs[last],
        }),
      )
      .join(". ");
    const words = { outcome: label, unit: trTerm(tr(unit), "unit"), values: told };
    figure.set(bands(xs, lines, { share, sparse }), tr("Lines of {outcome} ({unit}). {values}.", words), {
      columns: this.columns(head),
      rows: xs.map((x, i) => [x, banded(a[i], unit), ...(b ? [banded(b[i], unit)] : [])]),
    });
  }

  size() {
    for (const figure of this.all) figure.size();
  }
}
