/** A hand-out with sliders: worlds run beforehand, under every combination of a few values. */

import { el, fill, say } from "./dom.js";
import { count, sentence } from "./format.js";
import { GridCharts } from "./grid_charts.js";
import { GridControls } from "./grid_controls.js";
import { openGrid } from "./grid_data.js";
import { GridLives } from "./grid_lives.js";
import { GridMaps } from "./grid_map.js";
import { Standing } from "./grid_state.js";
import { strip } from "./grid_svg.js";
import { bandOf, banded, change, ends, leadWords, otherWords, precise } from "./grid_words.js";
import { standingWords, verdictWords } from "./grid_words.js";
import { locale, reviewed, speak, tr, trTerm } from "./languages.js";

const RESTING = 120; // ms

class Page {
  constructor(root, grid) {
    this.grid = grid;
    this.standing = new Standing(grid, () => this.show());
    this.controls = new GridControls(grid, this.standing);
    this.charts = new GridCharts(grid);
    this.maps = grid.maps ? new GridMaps(grid, this.standing) : null;
    this.lives = grid.lives ? new GridLives(grid, this.standing) : null;
    this.lead = el("strong", {});
    this.rest = el("span", {});
    this.others = el("p", {});
    this.stand = el("p", { class: "stand" });
    this.headlines = el("tbody");
    this.table = el("table", { class: "headlines" });
    this.every = el("table");
    this.everyFor = el(
      "select",
      { "aria-label": tr("Outcome of all combinations"), onchange: () => this.showEvery() },
      grid.outcomes.map(({ name, label }) => el("option", { value: name }, label)),
    );
    fill(root, this.header(), el("div", { class: "body" }, this.controls.element, this.main()));
    this.showEvery();
    this.show();
    window.addEventListener("hashchange", () => this.standing.follow());
    this.watch();
  }

  header() {
    return el(
      "header",
      {},
      el(
        "a",
        { class: "skip", href: "#results", onclick: (event) => this.skip(event) },
        tr("Skip to what came out"),
      ),
      el("h1", {}, this.grid.title),
      el("p", { class: "question" }, this.grid.question),
    );
  }

  skip(event) {
    event.preventDefault(); // the address keeps where the sliders stand
    this.results.focus();
  }

  main() {
    const { grid } = this;
    const missing = !this.maps || !this.lives;
    this.results = el(
      "main",
      { id: "results", tabindex: -1 },
      el(
        "div",
        { class: "verdict", role: "status" },
        el("p", { class: "lead" }, this.lead, " ", this.rest),
        this.others,
      ),
      this.stand,
      this.writing(),
      el(
        "section",
        { "aria-labelledby": "headlines-title" },
        el("h2", { id: "headlines-title" }, tr("What came out")),
        el(
          "div",
          {
            class: "scroll",
            tabindex: 0,
            role: "region",
            "aria-label": tr("{title}, as a table", { title: tr("What came out") }),
          },
          this.table,
        ),
        el(
          "p",
          { class: "note" },
          tr(
            "Mean over {number} seeds and, in brackets, {band}; of a difference (pts: percentage points) the 95% interval. " +
              "It is decided where that interval, of the differences seed by seed with the same people and luck, leaves 0 out. " +
              "Of twenty that are nothing but luck, one would be called decided.",
            { number: grid.seeds, band: grid.band() },
          ),
        ),
      ),
      this.charts.element,
      this.maps && this.maps.element,
      this.lives && this.lives.element,
      missing && el("p", { class: "note" }, tr("Maps or lives were left out of this file.")),
      this.everySection(),
      this.made(),
    );
    return this.results;
  }

  everySection() {
    const title = tr("All {number} combinations", { number: this.grid.made.points });
    return el(
      "details",
      { class: "every" },
      el("summary", {}, title),
      el("div", { class: "row" }, this.everyFor),
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, this.every),
    );
  }

  writing() {
    return el(
      "div",
      { class: "writing" },
      el("label", { for: "expected" }, tr("What I expect, and why")),
      el("textarea", { id: "expected", rows: 1, "aria-describedby": "expected-kept" }),
      el(
        "p",
        { class: "note", id: "expected-kept" },
        tr(
          "Written before a slider is moved. It stays on this page until that is closed, and is printed with it.",
        ),
      ),
    );
  }

  made() {
    const { made, scenario, start, months } = this.grid;
    const sources = Object.entries(made.sources).map(([label, source]) =>
      el("li", {}, `${label}: ${source}`),
    );
    return el(
      "footer",
      {},
      el(
        "p",
        {},
        tr(
          "Made by local-citizenship {version}: {runs} runs of the scenario {scenario}, {months} months from {start}. " +
            "Migrants, town halls and NGOs are simulated, after Takeyuki Tsuda, " +
            "“Localities and the Struggle for Immigrant Rights” (2008). This page asks for nothing outside.",
          { version: made.version, runs: count(made.runs), scenario, months, start },
        ),
        translated(),
      ),
      el(
        "details",
        {},
        el("summary", {}, tr("Where the sliders' own values come from")),
        el("ul", {}, sources),
      ),
    );
  }

  show() {
    const { grid } = this;
    const { now } = this.standing;
    const [a, b] = [grid.point(now.a), grid.point(now.b)];
    this.controls.show(now);
    const { lead, rest } = leadWords(grid, a, b);
    say(this.lead, lead);
    say(this.rest, rest);
    say(this.others, otherWords(grid, a, b));
    fill(
      this.stand,
      el("span", { class: "badge a" }, "A"),
      ` ${standingWords(grid, now.a)} `,
      el("span", { class: "badge b" }, "B"),
      ` ${standingWords(grid, now.b)}`,
    );
    this.showHeadlines(a, b);
    this.charts.show(now);
    // Maps may have a thousand places: they follow once a slider rests.
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.showCorners(), this.drawn ? RESTING : 0);
    this.drawn = true;
  }

  showCorners() {
    for (const part of [this.maps, this.lives]) if (part) part.show(this.standing.now);
  }

  showHeadlines(a, b) {
    const { grid } = this;
    const two = a !== b;
    const columns = two
      ? [
          tr("Outcome"),
          tr("World {letter}", { letter: "A" }),
          tr("World {letter}", { letter: "B" }),
          "",
          tr("B less A"),
          tr("Over the seeds"),
        ]
      : [tr("Outcome"), tr("Both worlds"), ""];
    const head = columns.map((words) =>
      words ? el("th", { scope: "col" }, words) : el("td", { class: "picture" }),
    );
    const rows = grid.outcomes.map(({ name, label, unit }) => {
      const [one, other] = [grid.summary(a, name), two ? grid.summary(b, name) : null];
      const most = this.mostOf(name);
      const found = grid.paired(a, b, name);
      const title = el(
        "th",
        { scope: "row" },
        label,
        unit.startsWith("share") ? null : el("small", {}, ` ${trTerm(unit, "unit")}`),
      );
      const picture = el("td", { class: "picture" }, strip(one, other, most));
      const cell = (of) =>
        el("td", {}, precise(of.mean, unit), el("small", {}, ` (${bandOf(of, unit) || tr("all alike")})`));
      if (!two) return el("tr", {}, title, cell(one), picture);
      const decided = found.n && (found.clear || found.none);
      const difference = found.none
        ? ["0"]
        : [
            unit.startsWith("share")
              ? tr("{number} pts", { number: change(found.change, unit, true) })
              : change(found.change, unit),
            el("small", {}, ` (${ends(found, unit)})`),
          ];
      return el(
        "tr",
        {},
        title,
        cell(one),
        cell(other),
        picture,
        el("td", {}, difference),
        el("td", { class: decided ? "decided" : "" }, sentence(verdictWords(found))),
      );
    });
    fill(
      this.table,
      el("caption", { class: "unseen" }, tr("Outcomes of both worlds")),
      el("thead", {}, el("tr", {}, head)),
      el("tbody", {}, rows),
    );
  }

  /** The most that any combination comes to, so that rows keep their scale while sliders move. */
  mostOf(name) {
    this.most = this.most || new Map();
    if (!this.most.has(name)) {
      const all = Array.from(
        { length: this.grid.made.points },
        (_, point) => this.grid.summary(point, name).high,
      );
      this.most.set(name, Math.max(1e-9, ...all.filter(Number.isFinite)));
    }
    return this.most.get(name);
  }

  showEvery() {
    const { grid } = this;
    const { name, label, unit } = grid.outcomes.find((each) => each.name === this.everyFor.value);
    const head = [
      ...grid.factors.map((factor) => factor.label),
      tr("{outcome}: mean ({band})", { outcome: label, band: grid.band() }),
    ];
    const rows = Array.from({ length: grid.made.points }, (_, point) => {
      const at = grid.standing(point);
      const [first, ...rest] = grid.factors.map(({ values }, i) => values[at[i]]);
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, first),
        [...rest, banded(grid.summary(point, name), unit)].map((words) => el("td", {}, words)),
      );
    });
    fill(
      this.every,
      el("caption", { class: "unseen" }, tr("All combinations")),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map((words) => el("th", { scope: "col" }, words)),
        ),
      ),
      el("tbody", {}, rows),
    );
  }

  /** Charts are drawn to the width they have. */
  watch() {
    let width = this.results.clientWidth;
    new ResizeObserver(() => {
      if (this.results.clientWidth === width) return;
      width = this.results.clientWidth;
      this.charts.size();
      if (this.maps) this.maps.size();
    }).observe(this.results);
  }
}

/** That nobody has read the translation, as long as that is so. */
function translated() {
  if (locale() === "en" || reviewed()) return null;
  return el("p", {}, tr("This page was translated by a machine, and nobody has read the translation."));
}

async function begin() {
  const root = document.getElementById("app");
  try {
    const content = JSON.parse(document.getElementById("handout").textContent);
    speak(content.language);
    const grid = await openGrid(content);
    root.page = new Page(root, grid);
  } catch (error) {
    fill(root, el("p", { role: "alert" }, `${error.message}${error.hint ? ` (${error.hint})` : ""}.`));
  }
}

begin();
