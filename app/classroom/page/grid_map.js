/** Maps of the corners: where all sliders of a world stand at an end, each place in a year, from the first seed. */

import { el, fill } from "./dom.js";
import { count, percent, sentence } from "./format.js";
import { Figure, svg, text } from "./grid_svg.js";
import { tr } from "./languages.js";
import { colourScale } from "./palette.js";
import { layOut, project } from "./projection.js";
import { unpacked } from "./unpack.js";

const MISSING = 255;
const STEPS = 254;
const FEW = 60; // places are named, and all stand in the table
const IN_TABLE = 20; // of more, so many with most migrants

export class GridMaps {
  constructor(grid, standing) {
    this.grid = grid;
    this.standing = standing;
    this.opened = new Map();
    const { years, measures } = grid.maps;
    this.year = el(
      "select",
      { "aria-label": tr("Year of the maps"), onchange: () => this.draw() },
      years.map((year, i) => el("option", { value: i, selected: i === years.length - 1 }, year)),
    );
    this.measure = el(
      "select",
      { "aria-label": tr("What colours the maps"), onchange: () => this.draw() },
      measures.map(({ label }, i) => el("option", { value: i }, sentence(label))),
    );
    this.legend = el("p", { class: "legend" });
    this.credit = el("p", { class: "note" });
    this.figures = { a: null, b: null };
    this.boxes = { a: el("div", { class: "side" }), b: el("div", { class: "side" }) };
    this.element = el(
      "section",
      { class: "maps", "aria-labelledby": "maps-title" },
      el("h2", { id: "maps-title" }, tr("Maps of the corners")),
      el(
        "p",
        { class: "note" },
        tr("One run each, the first seed. A circle's area: migrants; its colour: the measure."),
      ),
      el("div", { class: "row" }, this.measure, this.year, this.legend),
      el("div", { class: "pair" }, this.boxes.a, this.boxes.b),
      this.credit,
    );
  }

  async show({ a, b }) {
    this.now = { a: this.grid.point(a), b: this.grid.point(b) };
    if (!this.places) {
      this.places = JSON.parse(new TextDecoder().decode(await unpacked(this.grid.maps.places)));
      this.layout = layOut(this.places);
      const about = this.places.named
        ? `${tr("Simulated people: no number is an estimate for a town that exists.")} `
        : "";
      this.credit.textContent = `${about}${this.places.credit || ""}`;
      this.credit.hidden = !this.credit.textContent;
    }
    const points = [this.now.a, this.now.b].filter((point) => this.grid.maps.corners[point]);
    await Promise.all(points.map((point) => this.open(point)));
    this.draw();
  }

  async open(point) {
    if (!this.opened.has(point))
      this.opened.set(point, new Uint8Array(await unpacked(this.grid.maps.corners[point])));
  }

  /** Migrants and a measure of each place in a year of a corner. */
  numbers(point, measure, year) {
    const bytes = this.opened.get(point);
    const size = this.places.name.length;
    const { years } = this.grid.maps;
    const stock = new DataView(bytes.buffer, bytes.byteOffset);
    const start = 4 * years.length * size + (measure * years.length + year) * size;
    return Array.from({ length: size }, (_, place) => {
      const raw = bytes[start + place];
      return {
        place,
        migrants: stock.getUint32(4 * (year * size + place), true),
        value: raw === MISSING ? NaN : raw / STEPS,
      };
    });
  }

  draw() {
    const { two, one } = { two: this.now.a !== this.now.b, one: this.boxes.b };
    one.hidden = !two;
    const [measure, year] = [Number(this.measure.value), Number(this.year.value)];
    const about = this.grid.maps.measures[measure];
    const found = {};
    for (const world of two ? ["a", "b"] : ["a"]) {
      if (this.opened.has(this.now[world])) found[world] = this.numbers(this.now[world], measure, year);
    }
    const all = Object.values(found).flat();
    const values = all.map(({ value }) => value).filter(Number.isFinite);
    const high = Math.max(0.1, Math.ceil(Math.max(0, ...values) * 10) / 10);
    const scale = colourScale({ palette: about.palette, unit: about.unit }, 0, high);
    const most = all.reduce((largest, { migrants }) => Math.max(largest, migrants), 1);
    this.legend.hidden = !all.length;
    this.showLegend(scale, about);
    for (const world of ["a", "b"]) {
      if (found[world]) this.showMap(world, found[world], { scale, most, about, year, two });
      else if (!this.boxes[world].hidden) fill(this.boxes[world], awayFrom(this, world));
    }
  }

  showLegend(scale, about) {
    const colours = [0, 0.25, 0.5, 0.75, 1].map(
      (share) => scale.colours[Math.round(share * (scale.colours.length - 1))],
    );
    fill(
      this.legend,
      `${sentence(about.label)}: ${percent(0)} `,
      svg(
        "svg",
        { width: 90, height: 12, "aria-hidden": "true" },
        colours.map((colour, i) => svg("rect", { x: i * 18, width: 18, height: 12, fill: colour })),
      ),
      ` ${percent(scale.high)}`,
    );
  }

  showMap(world, numbers, { scale, most, about, year, two }) {
    const key = [this.now[world], about.label, year, scale.high, most, two].join();
    if (this.figures[world] && this.figures[world].key === key && this.figures[world].element.isConnected)
      return;
    const name = world.toUpperCase();
    const told = { letter: name, year: this.grid.maps.years[year], measure: about.label };
    const title = two
      ? tr("World {letter}, {year}: {measure}", told)
      : tr("Both worlds, {year}: {measure}", told);
    if (!this.figures[world]) this.figures[world] = new Figure(title, "");
    const figure = this.figures[world];
    figure.called(title);
    figure.key = key;
    if (figure.element.parentNode !== this.boxes[world]) fill(this.boxes[world], figure.element);
    const sorted = [...numbers].sort((one, other) => other.migrants - one.migrants);
    const known = sorted.filter(({ migrants, value }) => migrants && Number.isFinite(value));
    const people = known.reduce((sum, { migrants }) => sum + migrants, 0);
    const mean = known.reduce((sum, each) => sum + each.value * each.migrants, 0) / people;
    const names = this.places.name;
    const few = names.length <= FEW;
    const listed = few ? sorted : sorted.slice(0, IN_TABLE);
    const largest = listed.slice(0, 3).map((each) =>
      tr("{place}, {number} migrants, {value}", {
        place: names[each.place],
        number: count(each.migrants),
        value: percent(each.value),
      }),
    );
    const seen = tr("A map of {number} places. {measure}, mean of migrants: {mean}. Largest: {places}.", {
      number: names.length,
      measure: sentence(about.label),
      mean: percent(mean),
      places: largest.join("; "),
    });
    figure.set((width) => this.picture(width, sorted, scale, most, few), seen, {
      columns: [
        few ? tr("Place") : tr("The {number} places with most migrants", { number: IN_TABLE }),
        tr("Migrants"),
        sentence(about.label),
      ],
      rows: listed.map(({ place, migrants, value }) => [names[place], count(migrants), percent(value)]),
    });
  }

  picture(width, sorted, scale, most, few) {
    const height = few ? Math.round(Math.min(260, width * 0.6)) : Math.round(Math.min(460, width * 0.95));
    const largest = (Math.min(width, height) * (few ? 0.2 : 0.34)) / this.places.name.length ** 0.21;
    const found = project(this.layout, width, height, few ? largest + 8 : largest * 0.6 + 8, {
      k: 1,
      x: 0,
      y: 0,
    });
    const parts = [svg("rect", { width, height, fill: "#f7f9fa" })];
    parts.push(...this.land(({ apart }) => found.fits[apart] || found.fits[0]));
    found.insets.forEach((box, i) => {
      const [left, top, right, bottom] = box;
      const onLeft = left < width / 2;
      const at = { "text-anchor": onLeft ? "start" : "end" };
      const name = this.layout.boxNames[i] || "";
      const below = top < height / 2;
      parts.push(framed(box), text(onLeft ? left : right, below ? bottom + 15 : top - 4, name, at));
    });
    const circle = ({ place, migrants, value }, { x, y }) => {
      const step = scale.step(value);
      return svg("circle", {
        cx: x[place],
        cy: y[place],
        r: radius(migrants),
        fill: step < 0 ? "#ffffff" : scale.colours[step],
        stroke: few ? "#1d2327" : "#00000055",
        "stroke-width": few ? 1 : 0.5,
      });
    };
    const radius = (migrants) => Math.max(1, largest * Math.sqrt(migrants / most));
    const there = sorted.filter(({ migrants }) => migrants);
    for (const each of there) {
      const { place, migrants, value } = each;
      const [cx, cy, r] = [found.x[place], found.y[place], radius(migrants)];
      parts.push(circle(each, found));
      if (!few) continue;
      // Beside the circle, where there is more room.
      const right = cx <= width / 2;
      const at = { "text-anchor": right ? "start" : "end" };
      const edge = right ? cx + r + 8 : cx - r - 8;
      parts.push(
        text(edge, cy - 2, this.places.name[place], { ...at, "font-weight": 600 }),
        text(
          edge,
          cy + 15,
          tr("{value}; {number} migrants", { value: percent(value), number: count(migrants) }),
          at,
        ),
      );
    }
    for (const crowd of found.crowds) {
      const circles = there.filter(({ place }) => crowd.inside[place]).map((each) => circle(each, crowd));
      parts.push(...this.crowd(crowd, circles));
    }
    return { height, parts };
  }

  /** The outlines of the country; `fitOf` gives how an outline comes to its pixels. */
  land(fitOf) {
    return this.layout.land.map((outline) => {
      const { across, down } = fitOf(outline);
      const { points } = outline;
      let path = "";
      for (let i = 0; i < points.length; i += 2)
        path += `${i ? "L" : "M"}${across(points[i]).toFixed(1)} ${down(points[i + 1]).toFixed(1)}`;
      return svg("path", { d: `${path}Z`, fill: "#e9e6dd", stroke: "#d8d4c8" });
    });
  }

  /** A box for where places crowd, over the map, and the frame of what it shows. */
  crowd({ name, box, frame, fit }, circles) {
    const [left, top, right, bottom] = box;
    const [wide, tall] = [right - left, bottom - top];
    // An inner picture is cut at its edges.
    const within = svg(
      "svg",
      { x: left, y: top, width: wide, height: tall, viewBox: `${left} ${top} ${wide} ${tall}` },
      [svg("rect", { x: left, y: top, width: wide, height: tall, fill: "#f7f9fa" })],
      this.land(() => fit),
      circles,
    );
    return [framed(frame, "#6b6b6b"), within, framed(box, "#6b6b6b"), text(left, top - 4, name)];
  }

  size() {
    for (const figure of Object.values(this.figures)) if (figure && figure.element.isConnected) figure.size();
  }
}

function framed([left, top, right, bottom], stroke = "#8b9196") {
  return svg("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: "none", stroke });
}

/** What stands in a map's or a life's place where a world is at no corner. */
export function awayFrom({ grid, standing }, world) {
  const name = world.toUpperCase();
  const at = standing.now[world];
  const nearest = at.map((step, i) => (step * 2 < grid.sizes[i] - 1 ? 0 : grid.sizes[i] - 1));
  return el(
    "div",
    { class: "away" },
    el(
      "p",
      {},
      tr(
        "World {letter} stands between the corners; maps and lives are kept where all sliders stand at an end.",
        { letter: name },
      ),
    ),
    el(
      "button",
      { type: "button", onclick: () => standing.put({ ...standing.now, [world]: nearest }) },
      tr("Move world {letter} to the nearest corner", { letter: name }),
    ),
  );
}
