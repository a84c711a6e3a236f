/** The page as one picture, to put on a slide: maps, legend, charts, and a caption that says what it is. */

import { FACE } from "./chart-lines.js";
import { apart, dateWords, flowing, joined, valued } from "./format.js";
import { locale, shown as said, tr } from "./languages.js";
import { WORLDS } from "./state.js";

const WIDE = 1600;
const HIGH = 1180;
const MARGIN = 40;
const SHARP = 2.5; // pixels drawn for each of the page's

/**
 * What a page shows, as a picture.
 * @param {Object} page
 * @returns {Promise<Blob>} PNG
 */
export function picture(page) {
  page.drawSharp(SHARP);
  const { shown } = page.worlds;
  const { a, b } = shown;
  const others = WORLDS.slice(1).filter((name) => shown[name]);
  const date = dateWords(a.start, page.month());
  const measure = a.measures[page.measure.value];
  const label = said(measure.label);
  const changed = (world) =>
    joined(Object.entries(world.sets).map(([path, value]) => `${path} = ${value}`)) ||
    tr("as the scenario has it");
  const { difference } = page.stage;
  const called = (name) => tr("{name}: {value}", { name: name.toUpperCase(), value: changed(shown[name]) });
  const beside = (name) => (difference ? tr("{world} less A", { world: name.toUpperCase() }) : called(name));
  const names = b ? [called("a"), ...others.map(beside)] : [changed(a)];
  const about = [
    tr("Scenario {scenario}, seed {seed}, {date}", { scenario: a.scenario, seed: a.seed, date }),
    tr("colour: {measure} ({unit})", { measure: label, unit: said(measure.unit) }),
    ...(difference
      ? [tr("beside A blue where less, orange where more than in A; of one seed: a place may differ by luck")]
      : []),
    ...(b ? ["a", ...others].map(called) : []),
  ];
  const { synthetic, named, credit } = page.places;
  const caption = flowing([
    tr("{parts}.", { parts: apart(about) }),
    synthetic
      ? tr("Simulated people in synthetic municipalities.")
      : named
        ? tr("Simulated people, no estimate for any real town.")
        : tr("Simulated people."),
    credit ? tr("{parts}.", { parts: credit }) : "",
    tr("Model of local citizenship, after Tsuda (2008)."),
  ]);
  const made = composed({
    title: said(a.title),
    summary: b && page.visible().length > 1 ? page.lead.differs.textContent : said(a.question),
    date,
    names,
    stage: page.stage,
    charts: page.charts.all,
    label,
    scales: page.scales,
    caption,
  });
  page.resize();
  return made;
}

function composed(of) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDE;
  canvas.height = HIGH;
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#1d2327";
  context.font = `600 34px ${FACE}`;
  context.fillText(of.title, MARGIN, 60);
  context.font = `600 40px ${FACE}`;
  context.textAlign = "right";
  context.fillText(of.date, WIDE - MARGIN, 60);
  context.textAlign = "left";
  context.font = `22px ${FACE}`;
  wrapped(context, of.summary, MARGIN, 98, WIDE - 2 * MARGIN, 30, 2);
  const below = maps(context, of, 150, 580);
  legend(context, of, below + 40);
  charts(context, of.charts, below + 110, HIGH - below - 200);
  context.fillStyle = "#4a5157";
  context.font = `18px ${FACE}`;
  wrapped(context, of.caption, MARGIN, 1124, WIDE - 2 * MARGIN, 24, 3);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function maps(context, of, top, tall) {
  const frames = of.stage.frames.filter((frame) => !frame.element.hidden);
  const wide = (WIDE - 2 * MARGIN - 20 * (frames.length - 1)) / frames.length;
  let bottom = top;
  frames.forEach((frame, i) => {
    const left = MARGIN + i * (wide + 20);
    const { canvas } = frame;
    const grow = Math.min(wide / canvas.width, (tall - 36) / canvas.height);
    context.fillStyle = "#1d2327";
    context.font = `600 22px ${FACE}`;
    context.fillText(of.names[i], left, top + 22);
    context.drawImage(
      canvas,
      left + (wide - canvas.width * grow) / 2,
      top + 36,
      canvas.width * grow,
      canvas.height * grow,
    );
    bottom = Math.max(bottom, top + 36 + canvas.height * grow);
  });
  return bottom;
}

function legend(context, of, top) {
  const { scale, second } = of.scales;
  const shown =
    second && second.palette === "difference"
      ? [
          [of.label, scale],
          [tr("less A"), second],
        ]
      : [[of.label, scale]];
  let left = MARGIN;
  for (const [words, each] of shown) {
    const told = { measure: words, unit: said(each.unit), value: valued(each.low, each.unit) };
    const text = tr("{measure} ({unit}): {value}", told);
    context.font = `20px ${FACE}`;
    context.fillStyle = "#1d2327";
    context.fillText(text, left, top);
    left += context.measureText(text).width + 10;
    each.colours.forEach((colour, i) => {
      context.fillStyle = colour;
      context.fillRect(left + i * 4, top - 17, 4.5, 20);
    });
    left += each.colours.length * 4 + 10;
    context.fillStyle = "#1d2327";
    const high = `${valued(each.high, each.unit)}${each.beyond ? "+" : ""}`;
    context.fillText(high, left, top);
    left += context.measureText(high).width + 50;
  }
  context.fillText(tr("area of a circle: migrants"), left, top);
}

function charts(context, all, top, tall) {
  const wide = (WIDE - 2 * MARGIN - 3 * 24) / 4;
  all.forEach((chart, i) => {
    const left = MARGIN + i * (wide + 24);
    const [title, note] = ["h2", "figcaption p"].map((part) => chart.element.querySelector(part).textContent);
    context.fillStyle = "#1d2327";
    context.font = `600 20px ${FACE}`;
    context.fillText(title, left, top - 20);
    context.font = `17px ${FACE}`;
    context.fillText(note, left, top + 2);
    const room = tall - 30 - (chart.lines ? 24 + 22 * chart.lines.length : 0);
    const grow = Math.min(wide / chart.canvas.width, room / chart.canvas.height);
    context.drawImage(chart.canvas, left, top + 14, chart.canvas.width * grow, chart.canvas.height * grow);
    let y = top + 14 + chart.canvas.height * grow + 24;
    context.font = `17px ${FACE}`;
    for (const [j, line] of (chart.lines || []).entries()) {
      context.fillStyle = line.colour;
      context.fillRect(left, y - 8, 22, 4);
      context.fillStyle = "#1d2327";
      const told = chart.items[j].told.map((each) => each.textContent).join(" / ");
      context.fillText(`${line.words}  ${told}`, left + 30, y);
      y += 22;
    }
  });
}

/** A text in lines, which break between words; in Japanese anywhere but before a mark that ends something. */
function wrapped(context, text, left, top, wide, line, most) {
  const pieces =
    locale() === "ja" ? text.match(/(?:[\x21-\x7e]+|.)[、。）：；]*/gu) || [] : text.split(/(?<= )/);
  let row = "";
  let y = top;
  let rows = 1;
  for (const piece of pieces) {
    if (row && context.measureText((row + piece).trimEnd()).width > wide) {
      if (rows === most) {
        context.fillText(`${row.trimEnd()} …`, left, y);
        return;
      }
      context.fillText(row.trimEnd(), left, y);
      row = "";
      y += line;
      rows += 1;
    }
    row += piece;
  }
  context.fillText(row, left, y);
}
