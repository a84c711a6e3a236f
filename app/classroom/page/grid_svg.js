/** Charts of a grid as SVG: they print sharp, are read out in words, and have their table below. */

import { el, uniqueId } from "./dom.js";
import { number, percent } from "./format.js";
import { tr } from "./languages.js";
import { roundUp } from "./palette.js";

const COLOUR = { a: "#0b5c94", b: "#b34700" };
const INK = "#1d2327";
const SOFT = "#4d555c";
const LINE = "#d9dce0";
const FONT = 13;
const LETTER = 6.6; // px, about, of a letter at that size

/** How many letters wide a text is, about: those of East Asia count twice. */
function lettersOf(text) {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 2 : 1), 0);
}

/** An element of SVG. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/**
 * A figure: its heading, a picture that is drawn to its width, and the numbers as a table.
 * `set(draw, told, table)`: `draw(width)` gives the picture's height and parts, `told` is the picture in words, and `table`
 * has `columns` and `rows` of texts.
 */
export class Figure {
  constructor(title, note, tools = null) {
    this.picture = el("div", { class: "picture" });
    this.table = el("table");
    this.heading = el("h3");
    this.of = el("span", { class: "unseen" });
    this.region = el("div", { class: "scroll", tabindex: 0, role: "region" }, this.table);
    this.called(title);
    this.element = el(
      "figure",
      { class: "chart" },
      el("figcaption", {}, this.heading, el("p", { class: "note" }, note)),
      tools,
      this.picture,
      el("details", {}, el("summary", {}, tr("The numbers"), this.of), this.region),
    );
  }

  /** Say what it shows now. */
  called(title) {
    this.title = title;
    this.heading.textContent = title;
    this.region.setAttribute("aria-label", tr("{title}, as a table", { title }));
    this.of.textContent = ` ${tr("of: {title}", { title })}`;
  }

  set(draw, told, table) {
    Object.assign(this, { draw, told });
    const head = el(
      "tr",
      {},
      table.columns.map((text) => el("th", { scope: "col" }, text)),
    );
    const rows = table.rows.map(([first, ...rest]) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, first),
        rest.map((text) => el("td", {}, text)),
      ),
    );
    this.table.replaceChildren(
      el("caption", { class: "unseen" }, this.title),
      el("thead", {}, head),
      el("tbody", {}, rows),
    );
    this.size();
  }

  /** Draw to the width there is. */
  size() {
    const width = Math.max(240, Math.round(this.picture.clientWidth || 480));
    if (!this.draw) return;
    const { height, parts } = this.draw(width);
    const [title, about] = [uniqueId("chart"), uniqueId("chart")];
    this.picture.replaceChildren(
      svg(
        "svg",
        {
          viewBox: `0 0 ${width} ${height}`,
          role: "img",
          "aria-labelledby": `${title} ${about}`,
          "font-size": FONT,
        },
        svg("title", { id: title }, this.title),
        svg("desc", { id: about }, this.told),
        hatch(),
        ...parts,
      ),
    );
  }
}

let hatched = 0;

/** The pattern of world B, so that it is known without colours; the figure that is drawn last has made it. */
function hatch() {
  hatched += 1;
  return svg(
    "defs",
    {},
    svg(
      "pattern",
      {
        id: `hatch-${hatched}`,
        width: 6,
        height: 6,
        patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      },
      svg("rect", { width: 6, height: 6, fill: "#fff" }),
      svg("rect", { width: 3, height: 6, fill: COLOUR.b }),
    ),
  );
}

/** How a bar of a world is filled. Called while a figure is drawn, before its pattern is made. */
function filling(world) {
  return world === "a" ? COLOUR.a : `url(#hatch-${hatched + 1})`;
}

export function text(x, y, words, more = {}) {
  return svg("text", { x, y, fill: INK, ...more }, words);
}

/**
 * Bars in groups: a row for each of `rows` `{label, a, b}`, `a` and `b` `{mean, low, high}` (`b` null where there is one
 * world), with a whisker from low to high.
 */
export function bars(rows, { most = 1, say = percent } = {}) {
  return (width) => {
    const longest = Math.max(...rows.map(({ label }) => lettersOf(label)));
    const left = Math.min(width * 0.42, longest * LETTER + 10);
    const right = 44;
    const two = rows.some(({ b }) => b);
    const step = two ? 44 : 28;
    const across = (value) => left + (Math.min(value, most) / most) * (width - left - right);
    const parts = [];
    rows.forEach(({ label, a, b }, i) => {
      const top = 6 + i * step;
      const lines = inLines(label, left - 8);
      lines.forEach((words, line) => {
        const y = top + step / 2 + (line - (lines.length - 1) / 2) * (FONT + 1);
        parts.push(text(left - 8, y, words, { "text-anchor": "end", "dominant-baseline": "middle" }));
      });
      const drawn = b
        ? [
            ["a", a],
            ["b", b],
          ]
        : [["a", a]];
      drawn.forEach(([world, each], j) => {
        const y = top + 2 + j * 19;
        if (!Number.isFinite(each.mean)) {
          parts.push(text(left + 4, y + 12, tr("none"), { fill: SOFT }));
          return;
        }
        parts.push(
          svg("rect", {
            x: left,
            y,
            width: Math.max(0.5, across(each.mean) - left),
            height: 16,
            fill: filling(world),
            stroke: COLOUR[world],
          }),
          whisker(across(each.low), across(each.high), y + 8),
          text(across(Math.max(each.mean, each.high)) + 6, y + 12.5, say(each.mean)),
        );
      });
    });
    const height = 10 + rows.length * step;
    parts.push(svg("line", { x1: left, x2: left, y1: 2, y2: height - 4, stroke: INK }));
    return { height, parts };
  };
}

/** A label on one line, or where it is too wide on two, parted at the space nearest its middle. */
function inLines(label, room) {
  if (lettersOf(label) * LETTER <= room) return [label];
  const off = (at) => Math.abs(at - label.length / 2);
  const spaces = Array.from(label.matchAll(/ /g), ({ index }) => index).sort(
    (one, two) => off(one) - off(two),
  );
  return spaces.length ? [label.slice(0, spaces[0]), label.slice(spaces[0] + 1)] : [label];
}

/** From the lowest to the highest; a white edge keeps it seen on a dark bar. */
function whisker(from, to, y) {
  const path = `M${from} ${y}H${to}M${from} ${y - 4}v8M${to} ${y - 4}v8`;
  return svg(
    "g",
    { fill: "none" },
    svg("path", { d: path, stroke: "#fff", "stroke-width": 3.5 }),
    svg("path", { d: path, stroke: INK, "stroke-width": 1.5 }),
  );
}

/**
 * Lines with bands over `xs` (texts): `lines` of `{world, of: [{mean, low, high}], marked}`; `marked` is the index with a dot.
 */
export function bands(xs, lines, { share = true, least = 0, sparse = false } = {}) {
  return (width) => {
    const height = 230;
    const [left, right, top, bottom] = [52, 24, 10, 30];
    const all = lines.flatMap(({ of }) => of.flatMap(({ low, high }) => [low, high])).filter(Number.isFinite);
    const most = roundUp(Math.max(least, ...all) * 1.02) || 1;
    const x = (i) => left + (xs.length < 2 ? 0.5 : i / (xs.length - 1)) * (width - left - right);
    const y = (value) => height - bottom - (value / most) * (height - top - bottom);
    const say = share ? percent : number;
    const parts = [0, 0.5, 1].flatMap((part) => [
      svg("line", { x1: left, x2: width - right, y1: y(part * most), y2: y(part * most), stroke: LINE }),
      text(left - 6, y(part * most) + 4, say(part * most), { "text-anchor": "end", fill: SOFT }),
    ]);
    // Of many labels every second or third is written, and always the last.
    const longest = Math.max(...xs.map(lettersOf)) * LETTER + 12;
    const every = sparse ? Math.ceil((longest * xs.length) / (width - left - right)) : 1;
    xs.forEach((label, i) => {
      if ((xs.length - 1 - i) % every) return;
      parts.push(text(x(i), height - 8, label, { "text-anchor": "middle", fill: SOFT }));
    });
    for (const { world, of, marked = null } of lines) {
      const there = of.map((each, i) => ({ ...each, i })).filter(({ mean }) => Number.isFinite(mean));
      const over = there.map(({ high, i }) => `${x(i)} ${y(high)}`);
      const under = there.map(({ low, i }) => `${x(i)} ${y(low)}`).reverse();
      const middle = there.map(({ mean, i }) => `${x(i)} ${y(mean)}`);
      if (!there.length) continue;
      parts.push(
        svg("path", { d: `M${[...over, ...under].join("L")}Z`, fill: COLOUR[world], "fill-opacity": 0.16 }),
        svg("path", {
          d: `M${middle.join("L")}`,
          fill: "none",
          stroke: COLOUR[world],
          "stroke-width": 2.5,
          "stroke-dasharray": world === "b" ? "7 4" : null,
        }),
      );
      if (marked !== null && Number.isFinite(of[marked].mean)) {
        const at = { stroke: "#fff", "stroke-width": 2, fill: COLOUR[world] };
        const [cx, cy] = [x(marked), y(of[marked].mean)];
        parts.push(
          world === "a"
            ? svg("circle", { cx, cy, r: 6.5, ...at })
            : svg("rect", { x: cx - 6, y: cy - 6, width: 12, height: 12, ...at }),
        );
      }
    }
    return { height, parts };
  };
}

/** Two bands on one line, to stand in a row of a table: A above B. */
export function strip(a, b, most) {
  const [width, height] = [150, b ? 26 : 14];
  const edge = 5; // half a mark
  const across = (value) => edge + (Math.max(0, Math.min(value, most)) / most) * (width - 2 * edge);
  const drawn = [["a", a, 7], ...(b ? [["b", b, 19]] : [])].filter(([, each]) => Number.isFinite(each.mean));
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", class: "strip" },
    svg("rect", { width, height, fill: "#f5f4f0" }),
    drawn
      .map(([world, each, y]) => [
        svg("line", {
          x1: across(each.low),
          x2: across(each.high),
          y1: y,
          y2: y,
          stroke: COLOUR[world],
          "stroke-width": 3,
        }),
        world === "a"
          ? svg("circle", { cx: across(each.mean), cy: y, r: 4.5, fill: COLOUR.a })
          : svg("rect", { x: across(each.mean) - 4, y: y - 4, width: 8, height: 8, fill: COLOUR.b }),
      ])
      .flat(),
  );
}
