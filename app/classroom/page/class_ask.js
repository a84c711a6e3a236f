// The teacher's form for a question: two worlds, what is compared, the wording; a dry run before the class sees it.

import { asked, measureWords, numbers, telling } from "./class_common.js";
import { labelOf } from "./control.js";
import { el } from "./dom.js";
import { flowing } from "./format.js";
import { shown, tr, trNumber, trTerm } from "./languages.js";

/** The form, folded away once a question is asked. */
export async function questionForm() {
  const [{ scenarios, first }, { measures }] = await Promise.all([
    asked("/api/scenarios"),
    asked("/api/class/measures"),
  ]);
  const said = el("p", { role: "alert", id: "said" });
  const choice = (id, rows, chosen) =>
    el(
      "select",
      { id },
      ...rows.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
    );
  const named = scenarios.map(({ name, title }) => [
    name,
    tr("{name}: {value}", { name, value: trTerm(title, "scenario title") }),
  ]);
  const a = choice("a", named, first);
  const b = choice("b", named, first);
  const measure = choice(
    "measure",
    measures.map((each) => [
      each.name,
      tr("{measure} ({unit})", { measure: measureWords(each), unit: trTerm(each.unit, "unit") }),
    ]),
    "needs_met",
  );
  const lever = el("select", { id: "lever" });
  const value = el("input", { id: "value", type: "text", inputmode: "decimal", autocomplete: "off" });
  const help = el("p", { class: "note", id: "lever-help" });
  const wording = el("textarea", { id: "question", rows: 3, maxlength: 400, required: true });
  let known = {};
  let byHand = false;

  async function leversOf() {
    const about = await asked(`/api/scenario/${b.value}`);
    known = Object.fromEntries(about.parameters.map((one) => [one.path, one]));
    const kept = lever.value;
    lever.replaceChildren(
      el("option", { value: "" }, tr("nothing (the scenarios differ)")),
      ...about.levers.map(({ path, label }) =>
        el(
          "option",
          { value: path },
          tr("{parameter} ({path})", { parameter: labelOf({ label, path }), path }),
        ),
      ),
    );
    lever.value = kept in known ? kept : "";
    describe();
    worded();
  }

  function describe() {
    const one = known[lever.value];
    value.disabled = !one;
    if (!one) {
      help.textContent = "";
      return;
    }
    const range =
      one.kind === "number" ? tr("{low} to {high}", { low: one.least, high: one.most }) : tr("yes or no");
    help.textContent = tr("{meaning} ({unit}; {range}; in {scenario} {value})", {
      meaning: shown(one.meaning),
      unit: shown(one.unit),
      range,
      scenario: b.value,
      value: plain(one.value),
    });
  }

  /** A question is proposed until the teacher writes one. */
  function worded() {
    if (byHand) {
      return;
    }
    const one = known[lever.value];
    const change = one
      ? tr("In world B one thing is changed: “{parameter}” goes from {before} to {after}.", {
          parameter: labelOf(one),
          before: plain(one.value),
          after: plain(value.value || "..."),
        })
      : tr("World A is “{first}”, world B is “{other}”.", { first: a.value, other: b.value });
    const outcome = measureWords(measures.find(({ name }) => name === measure.value));
    wording.value = flowing([change, tr("How much higher or lower is “{outcome}” in world B?", { outcome })]);
  }

  for (const field of [a, b, measure, lever, value]) {
    field.addEventListener("input", () => {
      describe();
      worded();
    });
  }
  wording.addEventListener("input", () => {
    byHand = wording.value.trim() !== "";
  });
  b.addEventListener("change", leversOf);
  a.addEventListener("change", () => {
    b.value = a.value;
    leversOf();
  });
  await leversOf();

  const ask = el("button", { type: "submit", id: "ask" }, tr("Ask the class"));
  const dry = el(
    "button",
    { type: "button", id: "try", onclick: dryRun },
    tr("Try it first: the class is not told"),
  );
  const tried = el("p", { class: "note", id: "tried", role: "status" });

  const proposed = () => ({
    question: wording.value.replace(/\s+/g, " ").trim(), // one line, however it was written
    measure: measure.value,
    a: { scenario: a.value },
    b: {
      scenario: b.value,
      sets: lever.value ? { [lever.value]: asValue(value.value, known[lever.value]) } : {},
    },
  });

  /** Do it with the buttons off; what goes wrong is said. */
  async function busily(action) {
    said.textContent = "";
    tried.textContent = "";
    ask.disabled = dry.disabled = true;
    try {
      await action();
    } catch (problem) {
      said.textContent = problem.message;
    }
    ask.disabled = dry.disabled = false;
  }

  function dryRun() {
    busily(async () => {
      tried.textContent = tr("Running ...");
      try {
        tried.textContent = triedWords(await asked("/api/class/try", proposed()));
      } catch (problem) {
        tried.textContent = "";
        throw problem;
      }
    });
  }

  const form = el(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        busily(async () => {
          await asked("/api/class/assign", proposed());
          byHand = false;
          whole.open = false;
        });
      },
    },
    el("label", { for: "a" }, tr("World {letter}", { letter: "A" })),
    a,
    el("label", { for: "b" }, tr("World {letter}", { letter: "B" })),
    b,
    el("label", { for: "lever" }, tr("What is changed in B")),
    lever,
    el("label", { for: "value" }, tr("to")),
    value,
    help,
    el("label", { for: "measure" }, tr("What is compared")),
    measure,
    el("label", { for: "question" }, tr("The question, as the class reads it")),
    wording,
    el("div", { class: "row" }, ask, dry),
    tried,
    said,
  );
  const whole = el(
    "details",
    { open: true, class: "asking" },
    el("summary", {}, tr("A new question (the answers to the last one are kept)")),
    form,
  );
  return whole;
}

/** A value as one says it. */
function plain(value) {
  return { true: tr("yes"), false: tr("no") }[String(value)] ?? String(value);
}

/** What came of a dry run. */
function triedWords({ label, unit, differences, pooled, seconds_each: each }) {
  const say = numbers({ unit });
  const seconds = Math.round(each);
  return flowing([
    tr("{outcome} in {number} worlds of your own: from {low} to {high} {unit}.", {
      outcome: measureWords({ label }),
      number: differences.length,
      low: say.change(Math.min(...differences)),
      high: say.change(Math.max(...differences)),
      unit: say.unit,
    }),
    pooled.low === null ? "" : telling(pooled, say),
    each < 1
      ? tr("A student's two worlds take less than a second.")
      : trNumber(
          "A student's two worlds take about {number} second.",
          "A student's two worlds take about {number} seconds.",
          seconds,
          { number: seconds },
        ),
  ]);
}

function asValue(text, about) {
  const trimmed = text.trim();
  if (about.kind === "switch") {
    const said = { [tr("yes").toLowerCase()]: true, [tr("no").toLowerCase()]: false };
    const words = { true: true, false: false, on: true, off: false, yes: true, no: false, ...said };
    return words[trimmed.toLowerCase()] ?? trimmed;
  }
  return about.kind === "number" && trimmed !== "" && Number.isFinite(Number(trimmed))
    ? Number(trimmed)
    : trimmed;
}
