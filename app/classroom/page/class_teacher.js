// The teacher's screen: the code, the question, what the class predicts, what comes out, and the interval of
// the mean.

import { asked, numbers, wait, worldWords } from "./class_common.js";
import { dots, scaleFor } from "./class_draw.js";
import { el } from "./dom.js";

export async function teacherView(main) {
  const board = el("div");
  main.replaceChildren(board, await setup());
  let shown = "";
  for (;;) {
    const results = await asked("/api/class/results").catch((problem) => ({ problem: problem.message }));
    const now = JSON.stringify(results);
    if (now !== shown) {
      shown = now;
      board.replaceChildren(
        ...(results.problem
          ? [el("p", { role: "alert" }, results.problem)]
          : [come(results), ...question(results), ...pictures(results)]),
      );
    }
    await wait(700);
  }
}

function come(results) {
  const parts = [el("span", {}, "Join at ", el("strong", { id: "address" }, results.join))];
  if (results.code) {
    parts.push(el("span", {}, "Code ", el("strong", { class: "code", id: "code" }, results.code)));
  }
  const { length } = results.students;
  parts.push(
    el("span", { id: "count", role: "status" }, `${length} ${length === 1 ? "student" : "students"}`),
  );
  return el("div", { class: "come" }, ...parts);
}

function question({ assignment }) {
  if (!assignment) {
    return [el("h1", { class: "question" }, "No question yet: ask one below.")];
  }
  return [
    el("h1", { class: "question" }, assignment.question),
    el("p", { class: "note" }, `World A: ${worldWords(assignment.a)}. World B: ${worldWords(assignment.b)}.`),
  ];
}

function pictures({ assignment, students, pooled }) {
  if (!assignment) {
    return [];
  }
  const say = numbers(assignment);
  const predictions = students.map((student) => student.prediction).filter((value) => value !== null);
  const differences = students.map((student) => student.difference).filter((value) => value !== null);
  const ends = [pooled.low, pooled.high].filter((value) => value !== null);
  const scale = scaleFor([...predictions, ...differences, ...ends]);
  const axis = `${assignment.label}: B less A, ${say.unit}`;
  const telling =
    pooled.low === null
      ? `${differences.length} of ${students.length} have run.`
      : `Mean of ${pooled.n}: ${say.change(pooled.mean)} ${say.unit} (95% interval of the mean: ` +
        `${say.change(pooled.low)} to ${say.change(pooled.high)}). ` +
        (pooled.low > 0 || pooled.high < 0
          ? "Zero lies outside: luck alone does not explain it."
          : "Zero lies within: luck alone may explain it.");
  return [
    el("h2", {}, `Predicted by ${predictions.length} of ${students.length}`),
    dots(predictions, scale, {
      colour: "#595959",
      label: axis,
      say: say.change,
      hollow: true,
      description: `Predictions: ${predictions.map(say.change).join(", ") || "none yet"}.`,
    }),
    el("h2", {}, "What came out: a dot a student, each with other people and other luck"),
    dots(differences, scale, {
      colour: "#5b2a86",
      label: axis,
      say: say.change,
      pooled,
      description: telling,
    }),
    el("p", { class: "told", id: "pooled", role: "status" }, telling),
  ];
}

async function setup() {
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
    const label = measure.selectedOptions[0].textContent.replace(/ \(.*/, "").toLowerCase();
    const one = known[lever.value];
    const title = one ? lever.selectedOptions[0].textContent.replace(/ \([^(]*\)$/, "") : "";
    const change = one
      ? `\u201c${title}\u201d is ${value.value || "..."} instead of ${one.value}`
      : `the scenario is ${b.value}`;
    wording.value = `In world B, ${change}. What becomes of: ${label}?`;
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
  const form = el(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        said.textContent = "";
        ask.disabled = true;
        try {
          await asked("/api/class/assign", {
            question: wording.value,
            measure: measure.value,
            a: { scenario: a.value },
            b: {
              scenario: b.value,
              sets: lever.value ? { [lever.value]: asValue(value.value, known[lever.value]) } : {},
            },
          });
          byHand = false;
          whole.open = false;
        } catch (problem) {
          said.textContent = problem.message;
        }
        ask.disabled = false;
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
    ask,
    said,
  );
  const whole = el(
    "details",
    { open: true },
    el("summary", {}, "A new question (the answers to the last one are then gone)"),
    form,
    el(
      "p",
      {},
      el("a", { href: "/api/class/results.csv", download: "class.csv" }, "All answers as CSV"),
      " \u00b7 ",
      el("a", { href: "/", target: "_blank" }, "The page to explore"),
    ),
  );
  return whole;
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
