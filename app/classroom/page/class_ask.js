// The teacher's form for a question: two worlds, what is compared, the wording; a dry run before the class sees it.

import { asked, numbers, telling } from "./class_common.js";
import { el } from "./dom.js";

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
  const named = scenarios.map(({ name, title }) => [name, `${name}: ${title}`]);
  const a = choice("a", named, first);
  const b = choice("b", named, first);
  const measure = choice(
    "measure",
    measures.map(({ name, label, unit }) => [name, `${label} (${unit})`]),
    "needs_met",
  );
  const lever = el("select", { id: "lever" });
  const value = el("input", { id: "value", type: "text", inputmode: "decimal", autocomplete: "off" });
  const help = el("p", { class: "note", id: "lever-help" });
  const wording = el("input", { id: "question", type: "text", maxlength: 400, required: true });
  let known = {};
  let byHand = false;

  async function leversOf() {
    const about = await asked(`/api/scenario/${b.value}`);
    known = Object.fromEntries(about.parameters.map((one) => [one.path, one]));
    const kept = lever.value;
    lever.replaceChildren(
      el("option", { value: "" }, "nothing (the scenarios differ)"),
      ...about.levers.map(({ path, label }) => el("option", { value: path }, `${label} (${path})`)),
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
    const range = one.kind === "number" ? `${one.least} to ${one.most}` : "true or false";
    help.textContent = `${one.meaning} (${one.unit}; ${range}; in ${b.value} ${one.value})`;
  }

  /** A question is proposed until the teacher writes one. */
  function worded() {
    if (byHand) {
      return;
    }
    const label = measure.selectedOptions[0].textContent.replace(/ \([^(]*\)$/, "");
    const one = known[lever.value];
    const title = one ? lever.selectedOptions[0].textContent.replace(/ \([^(]*\)$/, "") : "";
    const change = one
      ? `In world B one thing is changed: \u201c${title}\u201d goes from ${plain(one.value)} to ${plain(value.value || "...")}.`
      : `World A is \u201c${a.value}\u201d, world B is \u201c${b.value}\u201d.`;
    wording.value = `${change} How much higher or lower is \u201c${label}\u201d in world B?`;
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

  const ask = el("button", { type: "submit", id: "ask" }, "Ask the class");
  const dry = el(
    "button",
    { type: "button", id: "try", onclick: dryRun },
    "Try it first: the class is not told",
  );
  const tried = el("p", { class: "note", id: "tried", role: "status" });

  const proposed = () => ({
    question: wording.value,
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
      tried.textContent = "Running ...";
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
    el("label", { for: "a" }, "World A"),
    a,
    el("label", { for: "b" }, "World B"),
    b,
    el("label", { for: "lever" }, "What is changed in B"),
    lever,
    el("label", { for: "value" }, "to"),
    value,
    help,
    el("label", { for: "measure" }, "What is compared"),
    measure,
    el("label", { for: "question" }, "The question, as the class reads it"),
    wording,
    el("div", { class: "row" }, ask, dry),
    tried,
    said,
  );
  const whole = el(
    "details",
    { open: true, class: "asking" },
    el("summary", {}, "A new question (the answers to the last one are kept)"),
    form,
  );
  return whole;
}

/** A value as one says it. */
function plain(value) {
  return { true: "yes", false: "no" }[String(value)] ?? String(value);
}

/** What came of a dry run. */
function triedWords({ label, unit, differences, pooled, seconds_each: seconds }) {
  const say = numbers({ unit });
  const low = say.change(Math.min(...differences));
  const high = say.change(Math.max(...differences));
  const verdict = pooled.low === null ? "" : ` ${telling(pooled, say)}`;
  return (
    `${label} in ${differences.length} worlds of your own: from ${low} to ${high} ${say.unit}.${verdict} ` +
    `A student's two worlds take ${seconds < 1 ? "less than a second" : `about ${Math.round(seconds)} seconds`}.`
  );
}

function asValue(text, about) {
  const trimmed = text.trim();
  if (about.kind === "switch") {
    return (
      { true: true, false: false, on: true, off: false, yes: true, no: false }[trimmed.toLowerCase()] ??
      trimmed
    );
  }
  return about.kind === "number" && trimmed !== "" && Number.isFinite(Number(trimmed))
    ? Number(trimmed)
    : trimmed;
}
