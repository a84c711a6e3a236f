// A student's screen: a question, a prediction, then one's own two worlds, run with one's own seed.

import { asked, explored, measureWords, numbers, wait, worldWords } from "./class_common.js";
import { el } from "./dom.js";
import { tr } from "./languages.js";

export async function studentView(main) {
  let shown = "";
  let said = "";
  for (;;) {
    const state = await asked("/api/class/state").catch((problem) => ({ problem: problem.message }));
    const now = JSON.stringify([state, said]);
    if (now !== shown) {
      shown = now;
      draw(main, state, said, async (path, body) => {
        try {
          await asked(path, body);
          said = "";
        } catch (problem) {
          said = problem.message;
        }
        shown = "";
      });
    }
    await wait(1000);
  }
}

function draw(main, state, said, act) {
  if (state.problem) {
    main.replaceChildren(
      el("p", { role: "alert" }, tr("{problem}. Trying again ...", { problem: state.problem })),
    );
    return;
  }
  const { assignment, you } = state;
  const parts = [
    el("p", { class: "note" }, tr("You are student {number}. Your world has the seed {seed}.", you)),
  ];
  if (!assignment) {
    parts.push(
      el("h1", { class: "question" }, tr("Wait for the teacher's question.")),
      el("p", {}, el("a", { href: "/", target: "_blank" }, tr("Meanwhile, explore"))),
    );
  } else {
    parts.push(
      el("h1", { class: "question" }, assignment.question),
      worlds(assignment, you),
      ...(you.difference !== null || you.a !== null ? result(assignment, you) : steps(assignment, you, act)),
    );
  }
  parts.push(
    el("p", { role: "alert", id: "said" }, said),
    el(
      "p",
      { class: "note small" },
      tr(
        "Of you, the teacher's computer keeps this number, what you predict and what comes out, and no name, until " +
          "the teacher deletes it or stops the program. A cookie in your browser, for 12 hours, lets you come back.",
      ),
    ),
  );
  keepingFocus(main, parts);
}

/** Redraw without losing what is being typed. */
function keepingFocus(main, parts) {
  const typed = document.getElementById("prediction")?.value;
  const focused = document.activeElement?.id;
  main.replaceChildren(...parts);
  const field = document.getElementById("prediction");
  if (field && typed) {
    field.value = typed;
  }
  if (focused) {
    document.getElementById(focused)?.focus();
  }
}

function worlds(assignment, you) {
  const say = numbers(assignment);
  const one = (name, world, value) =>
    el(
      "div",
      {},
      el("strong", {}, tr("World {letter}", { letter: name })),
      el("p", { class: "note" }, worldWords(world)),
      ...(value === null
        ? []
        : [
            el("p", { class: "number" }, say.value(value)),
            el("p", { class: "note" }, measureWords(assignment)),
          ]),
    );
  return el("div", { class: "worlds" }, one("A", assignment.a, you.a), one("B", assignment.b, you.b));
}

function steps(assignment, you, act) {
  const say = numbers(assignment);
  const field = el("input", {
    id: "prediction",
    type: "number",
    step: "any",
    required: true,
    inputmode: "text",
    "aria-describedby": "help",
    disabled: you.running,
  });
  if (you.prediction !== null) {
    field.value = String(Number((you.prediction * say.scale).toPrecision(6)));
  }
  const form = el(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        act("/api/class/predict", { value: Number(field.value) / say.scale });
      },
    },
    el("h2", {}, tr("1. Predict")),
    el(
      "label",
      { for: "prediction" },
      tr("{outcome}: how much higher in world B than in world A?", { outcome: measureWords(assignment) }),
    ),
    el(
      "p",
      { class: "note", id: "help" },
      tr("In {unit}; a number below zero if you expect it to be lower.", { unit: say.unit }),
    ),
    el(
      "div",
      { class: "row" },
      field,
      el(
        "button",
        { type: "submit", disabled: you.running },
        you.prediction === null ? tr("This is my prediction") : tr("Change it"),
      ),
    ),
  );
  const run = el(
    "button",
    {
      id: "run",
      type: "button",
      disabled: you.prediction === null || you.running,
      onclick: (event) => {
        event.target.disabled = true;
        event.target.textContent = tr("Running ...");
        act("/api/class/run", {});
      },
    },
    you.running ? tr("Running ...") : tr("Run my two worlds"),
  );
  return [form, el("h2", {}, tr("2. Run")), run];
}

function result(assignment, you) {
  const say = numbers(assignment);
  const told =
    you.difference === null
      ? tr("One of your worlds has no such number: nothing was counted there.")
      : tr("In your two worlds, B differs from A by {change} {unit}.", {
          change: say.change(you.difference),
          unit: say.unit,
        });
  return [
    el("p", { class: "told", id: "told", role: "status" }, told),
    el("p", {}, tr("You predicted {change}.", { change: say.change(you.prediction) })),
    el(
      "p",
      { class: "note" },
      tr(
        "Both worlds hold the same people with the same luck. Others have other people: " +
          "look at the teacher's screen to see how far your difference is chance.",
      ),
    ),
    ...lookAt(assignment, you),
  ];
}

function lookAt(assignment, you) {
  const link = explored(assignment, you.seed);
  return link ? [el("p", {}, el("a", { href: link, target: "_blank" }, tr("Look at my two worlds")))] : [];
}
