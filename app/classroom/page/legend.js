/** What colours and sizes on the map mean. */

import { el, fill } from "./dom.js";
import { count, signed, valued } from "./format.js";

/** The legend under the maps; filled by `show`. */
export class Legend {
  constructor() {
    this.element = el("div", { class: "legend-row" });
  }

  /**
   * @param {Object} measure
   * @param {Object} scale of world A
   * @param {Object|null} second of the worlds beside it
   * @param {number} most migrants
   */
  show(measure, scale, second, most) {
    const bars = [bar(measure, scale, measure.label)];
    if (second && second.palette === "difference") bars.push(bar(measure, second, "less A"));
    const examples = [most, most / 6]
      .map(rounded)
      .filter((value, i, all) => value > 0 && all.indexOf(value) === i);
    const sizes = el(
      "div",
      { class: "sizes" },
      el("span", { class: "of" }, "area: migrants"),
      examples.map((people) => circle(people, most)),
    );
    fill(this.element, bars, sizes);
  }
}

function bar(measure, scale, words) {
  const difference = scale.palette === "difference";
  const told = (value) => (difference ? signed(value, scale.unit) : valued(value, scale.unit));
  const strip = el("div", { class: "strip" });
  strip.style.background = `linear-gradient(to right, ${scale.colours.join(", ")})`;
  const middle = (scale.low + scale.high) / 2;
  const level = measure.unit.startsWith("level"); // its ends stand below
  const unit = level ? "" : measure.unit;
  return el(
    "div",
    { class: "scale", title: measure.definition },
    difference
      ? el("span", { class: "of" }, words, " ", el("em", { class: "hues" }, "blue less, orange more"))
      : el("span", { class: "of" }, words, " ", el("em", {}, unit)),
    strip,
    el(
      "div",
      { class: "ticks" },
      [told(scale.low), told(middle), `${told(scale.high)}${scale.beyond ? "+" : ""}`].map((text) =>
        el("span", {}, text),
      ),
    ),
    difference
      ? el("span", { class: "of" }, el("em", { class: "luck" }, "one seed: a place may differ by luck"))
      : null,
  );
}

function circle(people, most) {
  const disc = el("i", {});
  const size = Math.max(4, 26 * Math.sqrt(people / most));
  disc.style.width = `${size}px`;
  disc.style.height = `${size}px`;
  return el("span", { class: "size" }, disc, count(people));
}

function rounded(value) {
  if (!(value >= 1)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.round(value / power) * power;
}
