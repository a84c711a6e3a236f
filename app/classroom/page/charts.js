/** The four charts below the maps. */

import { CascadeChart } from "./chart-cascade.js";
import { LineChart } from "./chart-lines.js";
import { el } from "./dom.js";
import { bandOf } from "./seeds.js";
import { tr } from "./languages.js";
import { countedIn, seriesOf } from "./series.js";
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

  /**
   * @param {Array<[string, Object]>} worlds by name
   * @param {(name: string) => Object[]} overSeeds the series of a world under several seeds; none: no band
   */
  setWorlds(worlds, overSeeds) {
    const [[, first]] = worlds;
    const series = worlds.map(([, world]) => seriesOf(world));
    const seeds = worlds.map(([name]) => overSeeds(name));
    const lines = (about, of) =>
      about.map(({ label, colour }, i) => ({
        words: label,
        colour,
        values: series.map((each) => of(each)[i]),
        bands: seeds.map((all) => (all.length ? bandOf(all.map((each) => of(each)[i])) : null)),
      }));
    const terms = (kind, names) => names.map((name) => term(first, kind, name));
    const names = worlds.map(([name]) => name.toUpperCase());
    this.cascade.setSeries(
      first,
      names,
      series.map((each) => each.cascade),
    );
    const many = seeds[0].length;
    this.who.setLines(
      first,
      names,
      lines(terms("provider", first.providers), (each) => each.who),
      many,
    );
    this.uneven.setLines(
      first,
      names,
      lines(terms("uneven", PARTS), (each) => [each.between, each.within]),
      many,
    );
    this.status.setLines(
      first,
      names,
      [
        ...lines(terms("rung", RUNGS), (each) => each.rungs),
        ...lines(terms("status", countedIn(first)), (each) => each.counted).map((line, i) => ({
          ...line,
          words: tr("{status} (● counted)", { status: line.words }),
          points: countsOf(first, countedIn(first)[i]),
          about: sourcesOf(first, countedIn(first)[i]),
        })),
      ],
      many,
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

/** What was counted of a status in the real country: `[month, persons]`. */
function countsOf(world, status) {
  return world.counted.filter((each) => each.status === status).map(({ month, persons }) => [month, persons]);
}

function sourcesOf(world, status) {
  const sources = world.counted.filter((each) => each.status === status).map(({ source }) => source);
  return tr("Counted by: {who}", { who: [...new Set(sources)].join("; ") });
}
