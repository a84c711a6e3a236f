/** What can be kept or passed on: a link, a scenario file, tables, a picture. */

import { download, el, say } from "./dom.js";
import { yearMonth } from "./format.js";
import { tr } from "./languages.js";
import { seriesOf } from "./series.js";
import { STAGES } from "./vocabulary.js";

/**
 * The menu. `tell`: `{link(), names(), worlds(), home, request(name), picture(), failed(error),
 * announce(text)}`.
 */
export class Share {
  constructor(tell) {
    this.tell = tell;
    this.link = el("input", {
      type: "text",
      readonly: true,
      "aria-label": "Link to this very state",
      onfocus: () => this.link.select(),
    });
    this.said = el("p", { class: "note", role: "status" });
    this.items = el("div", { class: "menu-items" });
    this.menu = el(
      "details",
      { class: "menu", ontoggle: () => this.menu.open && this.fill() },
      el("summary", {}, "Share"),
      el("div", { class: "menu-box" }, this.items, this.said),
    );
    this.menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.menu.open = false;
      this.menu.querySelector("summary").focus();
      event.stopPropagation();
    });
    this.menu.addEventListener("focusout", (event) => {
      // Left for another control; a click on bare ground leaves it too.
      if (event.relatedTarget && !this.menu.contains(event.relatedTarget)) this.menu.open = false;
    });
    this.element = this.menu;
  }

  fill() {
    const { home } = this.tell;
    say(this.said, "");
    const worlds = this.tell.names();
    const several = worlds.length > 1;
    const of = (name) => ({ world: name.toUpperCase() });
    const button = (words, act) => el("button", { type: "button", onclick: () => this.attempt(act) }, words);
    this.link.value = this.tell.link();
    this.items.replaceChildren(
      ...(this.link.value ? [this.link, button("Copy the link", () => this.copy())] : []),
      ...worlds
        .filter(() => home.can.scenarioFile)
        .map((name) =>
          button(several ? tr("Scenario file of {world} (YAML)", of(name)) : tr("Scenario file (YAML)"), () =>
            this.scenarioFile(name),
          ),
        ),
      ...worlds
        .filter(() => home.can.csv)
        .map((name) =>
          button(
            several ? tr("Outcome measures of {world} (CSV)", of(name)) : tr("Outcome measures (CSV)"),
            () => this.measures(name),
          ),
        ),
      button("What the charts show (CSV)", () => this.series()),
      button("Picture (PNG)", async () =>
        download(`${this.name()}.png`, await this.tell.picture(), "image/png"),
      ),
    );
  }

  async attempt(act) {
    try {
      await act();
    } catch (error) {
      this.menu.open = false;
      this.tell.failed(error);
    }
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.link.value);
      say(this.said, tr("Copied."));
    } catch {
      this.link.focus();
      this.link.select();
      say(this.said, "Press Ctrl-C to copy the link.");
    }
  }

  async scenarioFile(name) {
    download(
      `${this.name()}-${name}.yaml`,
      await this.tell.home.scenarioFile(this.tell.request(name)),
      "text/yaml",
    );
  }

  async measures(name) {
    const world = this.tell.worlds()[name];
    download(`${this.name()}-${name}-measures.csv`, await this.tell.home.csv(world.id), "text/csv");
  }

  series() {
    const shown = this.tell.worlds();
    const worlds = this.tell.names().map((name) => [name.toUpperCase(), shown[name]]);
    download(`${this.name()}-charts.csv`, seriesTable(worlds), "text/csv");
  }

  name() {
    const { a } = this.tell.worlds();
    return `${a.scenario}-seed${a.seed}`;
  }
}

/** Monthly counts of worlds, tidy: a row for each world and month. */
function seriesTable(worlds) {
  const first = worlds[0][1];
  const providers = first.providers.map((name) => `met_${name}`);
  const heads = [
    "world",
    "scenario",
    "seed",
    "month",
    "arrivals",
    "departures",
    ...STAGES,
    ...providers,
    ...first.statuses,
    "theil_between",
    "theil_within",
  ];
  const rows = [heads.join(",")];
  for (const [name, world] of worlds) {
    const series = seriesOf(world);
    const { arrivals, departures, cascade, who, stock_status: status } = world.arrays;
    for (let month = 0; month < world.months; month += 1) {
      const [year, of] = yearMonth(world.start, month);
      const row = (packed) =>
        Array.from({ length: packed.width }, (_, i) => packed.at(month * packed.width + i));
      const theil = [series.between[month], series.within[month]].map((value) =>
        Number.isFinite(value) ? Number(value.toPrecision(6)) : "",
      );
      rows.push(
        [
          name,
          world.scenario,
          world.seed,
          `${year}-${String(of).padStart(2, "0")}`,
          arrivals.at(month),
          departures.at(month),
          ...row(cascade),
          ...row(who),
          ...row(status),
          ...theil,
        ].join(","),
      );
    }
  }
  return `${rows.join("\n")}\n`;
}
