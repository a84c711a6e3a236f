/** One parameter as a control: slider, switch or choice, with its meaning, unit and source on demand. */

import { el, fill, say, uniqueId } from "./dom.js";
import { apart, joined, number } from "./format.js";
import { shown as said, tr, trTerm } from "./languages.js";

const NOTCHES = 200; // of a slider on a log scale

/**
 * A control.
 * @param {Object} about the parameter as the scenario gives it
 * @param {Object|null} lever its label and range, if it is one
 * @param {(path: string, value: any) => void} change
 * @returns {{element: HTMLElement, show: Function}} `show(value, name, other)`: name and value of the other
 * world, undefined where there is none
 */
export function control(about, lever, change) {
  const name = uniqueId("control");
  const label = el("span", { class: "label", id: name }, labelOf(about));
  const other = el("span", { class: "other" });
  const field = fieldOf(asInWorld(about), leverInWorld(about, lever), name, (value) =>
    change(
      about.path,
      about.part && typeof value === "number" ? Number((value / about.part).toPrecision(6)) : value,
    ),
  );
  const details = el("div", { class: "meaning", hidden: true, id: `${name}-meaning` });
  const more = el(
    "button",
    {
      type: "button",
      class: "more",
      "aria-expanded": "false",
      "aria-controls": `${name}-meaning`,
      "aria-label": tr("What is {parameter}?", { parameter: about.path }),
      title: tr("Meaning, unit and source"),
      onclick: () => {
        details.hidden = !details.hidden;
        more.setAttribute("aria-expanded", String(!details.hidden));
        if (!details.hidden) fill(details, meaning(about));
      },
    },
    "?",
  );
  const element = el(
    "div",
    { class: `control ${about.kind}`, "data-path": about.path },
    el("div", { class: "head" }, label, more),
    field.element,
    other,
    details,
  );
  return {
    element,
    show(value, otherName, otherValue) {
      field.show(inWorld(about, value));
      element.classList.toggle("changed", value !== about.value);
      say(
        other,
        otherValue === undefined || otherValue === value
          ? ""
          : tr("in {world}: {value}", { world: otherName, value: shown(inWorld(about, otherValue)) }),
      );
    },
  };
}

/** What a parameter is called: of an entry (a door, a service), with the entry's name before it. */
export function labelOf({ label, path }) {
  const at = label.indexOf(": ");
  if (at < 0) return trTerm(label, "parameter label");
  const entry = trTerm(label.slice(0, at), `${path.split(".")[0]} label`);
  return tr("{name}: {value}", { name: entry, value: trTerm(label.slice(at + 2), "parameter label") });
}

/** A value as it is in this world: of what a country counts, a small world has its part. */
export function inWorld(about, value) {
  return about.part && typeof value === "number" ? Number((value * about.part).toPrecision(6)) : value;
}

/** A value of a parameter in a few letters. */
export function shown(value) {
  if (value === true) return tr("on");
  if (value === false) return tr("off");
  return typeof value === "number" ? number(value) : said(String(value));
}

/** The parameter with the numbers that a small world has of it. */
function asInWorld(about) {
  if (!about.part || about.kind !== "number") return about;
  const parts = ["value", "least", "most", "low", "high", "step"].map((name) => [
    name,
    inWorld(about, about[name]),
  ]);
  const unit = tr("{unit}, here", { unit: said(about.unit) });
  return { ...about, ...Object.fromEntries(parts), whole: false, unit };
}

function leverInWorld(about, lever) {
  if (!about.part || !lever || lever.low === null) return lever;
  return { ...lever, low: inWorld(about, lever.low), high: inWorld(about, lever.high) };
}

function meaning(about) {
  const bounds =
    about.kind === "number"
      ? [about.least, about.most].map((bound) => (bound === null ? "…" : number(bound)))
      : null;
  const rows = [
    [tr("Name"), el("code", {}, about.path)],
    [tr("Unit"), said(about.unit)],
    [
      tr("Range"),
      bounds
        ? tr("{low} to {high}", { low: bounds[0], high: bounds[1] })
        : about.choices
          ? joined(about.choices.map(said))
          : tr("on or off"),
    ],
    [
      tr("Here"),
      tr("{value} in this scenario, {other} by default", {
        value: shown(about.value),
        other: shown(about.default),
      }),
    ],
    [
      tr("In this world"),
      about.part
        ? tr("a part of the country's: {value} {unit}", {
            value: shown(inWorld(about, about.value)),
            unit: said(about.unit),
          })
        : "",
    ],
    [tr("Source"), about.source === "assumption" ? tr("assumption") : about.source],
    [tr("Mechanism"), about.mechanism],
    [
      tr("Changes"),
      apart(
        about.changes.map(({ date, value }) => tr("{name}: {value}", { name: date, value: shown(value) })),
      ),
    ],
  ];
  return [
    el("p", {}, about.meaning),
    el(
      "dl",
      {},
      rows.filter(([, text]) => text).map(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]),
    ),
  ];
}

function fieldOf(about, lever, name, change) {
  if (about.kind === "switch") return switchOf(name, change);
  if (about.kind === "choice") return choiceOf(about, name, change);
  return numberOf(about, lever, name, change);
}

function switchOf(name, change) {
  const box = el("input", {
    type: "checkbox",
    role: "switch",
    "aria-labelledby": name,
    onchange: () => change(box.checked),
  });
  const words = el("span", {});
  return {
    element: el("label", { class: "field" }, box, words),
    show(value) {
      box.checked = value;
      say(words, shown(value));
    },
  };
}

function choiceOf(about, name, change) {
  const select = el(
    "select",
    { "aria-labelledby": name, onchange: () => change(select.value) },
    about.choices.map((each) => el("option", { value: each }, said(each))),
  );
  return {
    element: el("div", { class: "field" }, select),
    show(value) {
      select.value = value;
    },
  };
}

function numberOf(about, lever, name, change) {
  const scale = sliderScale(about, lever);
  const slider = el("input", {
    type: "range",
    min: scale.min,
    max: scale.max,
    step: scale.step,
    "aria-labelledby": name,
    oninput: () => change(scale.value(Number(slider.value))),
  });
  const text = el("input", {
    type: "text",
    inputmode: "decimal",
    class: "value",
    "aria-label": joined([about.path, said(about.unit)]),
    autocomplete: "off",
    spellcheck: "false",
    onblur: () => {
      if (text.value === tidy(current)) write(); // not what was typed and refused
    },
    onchange: () => {
      if (text.value === brief(current)) return; // as it was shown
      const typed = text.value.trim().replace(",", ".");
      change(typed !== "" && Number.isFinite(Number(typed)) ? Number(typed) : typed || about.value);
    },
  });
  const unit = el("span", { class: "unit" }, about.unit);
  let current;
  const write = () => {
    text.value = brief(current);
    text.title = tidy(current);
  };
  return {
    element: el("div", { class: "field" }, slider, text, unit),
    show(value) {
      current = value;
      const place = String(scale.place(Number(value)));
      if (slider.value !== place) slider.value = place;
      slider.setAttribute("aria-valuetext", `${shown(value)} ${said(about.unit)}`);
      if (document.activeElement !== text || Number(text.value) !== value) write();
    },
  };
}

/** How a slider's place and a parameter's value go together. */
function sliderScale(about, lever) {
  const low = lever && lever.low !== null ? lever.low : about.low;
  const high = lever && lever.high !== null ? lever.high : about.high;
  if (about.scale === "log" && !(lever && lever.low !== null)) {
    const least = Math.log(low);
    const span = Math.log(high) - least;
    return {
      min: 0,
      max: NOTCHES,
      step: 1,
      value(place) {
        if (place === 0 && about.zero) return 0;
        const value = Number(Math.exp(least + (span * place) / NOTCHES).toPrecision(3));
        return about.whole ? Math.round(value) : value;
      },
      place: (value) =>
        value <= 0 ? 0 : Math.round(Math.min(1, Math.max(0, (Math.log(value) - least) / span)) * NOTCHES),
    };
  }
  // A lever has a range of its own, and so steps of its own.
  const step = lever && lever.low !== null ? stepOf(high - low, about.whole) : about.step;
  return {
    min: low,
    max: high,
    step,
    value: (place) => Number(place.toPrecision(12)),
    place: (value) => Math.min(high, Math.max(low, value)),
  };
}

function stepOf(span, whole) {
  const rough = span / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((each) => each * power >= rough * 0.999) * power;
  return whole ? Math.max(1, Math.round(step)) : Number(step.toPrecision(6));
}

/** A value without a computer's last digits; what is no number as it was typed. */
function tidy(value) {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
}

/** A value as the box has room for it: of a fraction four significant digits. */
function brief(value) {
  return tidy(typeof value === "number" && Math.abs(value) < 1000 ? Number(value.toPrecision(4)) : value);
}
