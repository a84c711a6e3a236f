// What is kept of a class: earlier rounds to look at again, a table to mark by, and a button that deletes it all.

import { asked, measureWords, numbers, telling } from "./class_common.js";
import { el } from "./dom.js";
import { tr, trNumber } from "./languages.js";

/**
 * The part of the teacher's screen about what is kept: `element`, and `show(rounds)` for each news of them.
 * `pictures` draws a round.
 */
export function keptPart(pictures) {
  const list = el("ol", { class: "rounds" });
  const heading = el("h2", {}, tr("Earlier rounds"));
  const earlier = el("section", { hidden: true }, heading, list);
  const said = el("p", { role: "alert", id: "kept-said" });
  let shown = "";

  async function forget() {
    if (
      !window.confirm(
        tr("Delete all questions, predictions and results of this class? This can't be undone."),
      )
    ) {
      return;
    }
    try {
      await asked("/api/class/forget", {});
      said.textContent = tr("All is deleted.");
    } catch (problem) {
      said.textContent = problem.message;
    }
  }

  const element = el(
    "div",
    { class: "keeping" },
    earlier,
    el("h2", {}, tr("What is kept")),
    el(
      "p",
      { class: "note" },
      tr(
        "Of each student a number and a seed, predictions and results; no name. All of it is in the memory of this " +
          "computer alone, until you delete it or stop the program. Students' browsers keep a cookie for 12 hours, " +
          "by which they are known again.",
      ),
    ),
    el(
      "p",
      { class: "row" },
      el(
        "a",
        { class: "button", id: "export", href: "/api/class/results.csv", download: "class.csv" },
        tr("Export all answers, to mark (CSV)"),
      ),
      el("button", { type: "button", id: "forget", onclick: forget }, tr("Delete all answers")),
      el("a", { href: "/", target: "_blank" }, tr("The page to explore")),
    ),
    el("p", { class: "note" }, tr("The columns of the export have English names, for programs to read.")),
    said,
  );

  function show(rounds) {
    const now = JSON.stringify(rounds);
    if (now === shown) {
      return;
    }
    shown = now;
    earlier.hidden = rounds.length === 0;
    list.replaceChildren(...rounds.map((round) => keptRound(round, pictures)).reverse());
  }

  return { element, show };
}

function keptRound({ assignment, pooled, predicted }, pictures) {
  const say = numbers(assignment);
  const told =
    pooled.low === null
      ? trNumber("{number} has run.", "{number} have run.", pooled.n, { number: pooled.n })
      : telling(pooled, say);
  const drawn = el("div");
  const look = async (event) => {
    if (event.target.open && !drawn.firstChild) {
      try {
        drawn.replaceChildren(...pictures(await asked(`/api/class/round/${assignment.round}`)));
      } catch (problem) {
        drawn.replaceChildren(el("p", { role: "alert" }, problem.message));
      }
    }
  };
  return el(
    "li",
    { value: assignment.round },
    el("strong", {}, assignment.question),
    el(
      "p",
      { class: "note" },
      tr("{number} predicted. {outcome}: {told}", {
        number: predicted,
        outcome: measureWords(assignment),
        told,
      }),
    ),
    el("details", { ontoggle: look }, el("summary", {}, tr("Look at it again")), drawn),
  );
}
