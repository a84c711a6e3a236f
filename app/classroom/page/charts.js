/** The four charts below the maps. */

import { CascadeChart } from "./chart-cascade.js";
import { LineChart } from "./chart-lines.js";
import { el } from "./dom.js";
import { seriesOf } from "./series.js";
import { PROVIDERS, RUNGS } from "./words.js";

/** Cascade, who met the need, unevenness, status. */
export class Charts {
  /** @param {(month: number) => void} choose a month that was clicked */
  constructor(choose) {
    this.cascade = new CascadeChart(
      "Of the needs that ended: the person knew of a provider; thought it worth asking and dared to; a provider they would go to was open to them; they asked; they were served.",
    );
    this.who = new LineChart(
      {
        title: "Who met the need",
        note: "share of needs, over 12 months",
        unit: "share of needs",
        definition: "Needs that ended: met by the city, an NGO, the state (or a job's insurance), or nobody.",
      },
      choose,
    );
    this.uneven = new LineChart(
      {
        title: "Unevenness (Theil)",
        note: "of services between, within regions",
        unit: "Theil index",
        definition: "How unequal the service levels of places are, weighted by migrants: between regions, and between places of one region.",
      },
      choose,
    );
    this.status = new LineChart(
      { title: "Migrants by status", note: "persons, at the end of the month", unit: "persons", definition: "Migrants in the country at the end of the month, by formal status." },
      choose,
    );
    this.all = [this.cascade, this.who, this.uneven, this.status];
    this.element = el("section", { class: "charts", "aria-label": "Charts" }, this.all.map((chart) => chart.element));
  }

  /** @param {Object} a world @param {Object|null} b */
  setWorlds(a, b) {
    const one = seriesOf(a);
    const two = b ? seriesOf(b) : null;
    const lines = (about, of) => about.map((each, i) => ({ words: each.words, colour: each.colour, a: of(one)[i], b: two && of(two)[i] }));
    this.cascade.setSeries(a, one.cascade, two && two.cascade);
    this.who.setLines(a, lines(PROVIDERS, (series) => series.who));
    this.uneven.setLines(a, lines(PARTS, (series) => [series.between, series.within]));
    this.status.setLines(a, lines(RUNGS, (series) => series.rungs));
  }

  setMonth(month) {
    for (const chart of this.all) chart.setMonth(month);
  }

  size(ratio) {
    for (const chart of this.all) chart.size(ratio);
  }
}

const PARTS = [
  { words: "between", colour: "#6a3d9a" },
  { words: "within", colour: "#00805e" },
];
