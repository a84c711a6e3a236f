/** The four charts below the maps. */

import { CascadeChart } from "./chart-cascade.js";
import { LineChart } from "./chart-lines.js";
import { el } from "./dom.js";
import { seriesOf } from "./series.js";
import { RUNGS, term } from "./vocabulary.js";

/** Cascade, who met the need, unevenness, status. */
export class Charts {
  /** @param {(month: number) => void} choose a month that was clicked */
  constructor(choose) {
    this.cascade = new CascadeChart();
    this.who = new LineChart(
      {
        title: "Who met the need",
        note: "share of needs, over 12 months",
        unit: "share of needs",
        measure: "who",
      },
      choose,
    );
    this.uneven = new LineChart(
      {
        title: "Unevenness (Theil)",
        note: "of services between, within regions",
        unit: "Theil index",
        measure: "theil_between",
      },
      choose,
    );
    this.status = new LineChart(
      {
        title: "Migrants by status",
        note: "persons, at the end of the month",
        unit: "persons",
        measure: "stock_status",
      },
      choose,
    );
    this.all = [this.cascade, this.who, this.uneven, this.status];
    this.element = el(
      "section",
      { class: "charts", "aria-label": "Charts" },
      this.all.map((chart) => chart.element),
    );
  }

  /** @param {Object} a world @param {Object|null} b */
  setWorlds(a, b) {
    const one = seriesOf(a);
    const two = b ? seriesOf(b) : null;
    const lines = (about, of) =>
      about.map(({ label, colour }, i) => ({ words: label, colour, a: of(one)[i], b: two && of(two)[i] }));
    const terms = (kind, names) => names.map((name) => term(a, kind, name));
    this.cascade.setSeries(a, one.cascade, two && two.cascade);
    this.who.setLines(
      a,
      lines(terms("provider", a.providers), (series) => series.who),
    );
    this.uneven.setLines(
      a,
      lines(terms("uneven", PARTS), (series) => [series.between, series.within]),
    );
    this.status.setLines(
      a,
      lines(terms("rung", RUNGS), (series) => series.rungs),
    );
  }

  /** While time passes, lines unfold: nothing shows of what is yet to come. */
  setPlaying(on) {
    this.element.classList.toggle("playing", on);
  }

  setMonth(month) {
    for (const chart of this.all) chart.setMonth(month);
  }

  size(ratio) {
    for (const chart of this.all) chart.size(ratio);
  }
}

const PARTS = ["between", "within"];
