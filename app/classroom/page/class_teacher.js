// The teacher's screen: the code, the question, what the class predicts, what comes out, and the interval of
// the mean; below, a new question, and what is kept.

import { questionForm } from "./class_ask.js";
import { asked, numbers, telling, wait, worldWords } from "./class_common.js";
import { dots, scaleFor } from "./class_draw.js";
import { keptPart } from "./class_kept.js";
import { el, say } from "./dom.js";

export async function teacherView(main) {
  const board = el("div", { class: "board" });
  const kept = keptPart(pictures);
  const count = el("span", { id: "count", role: "status" });
  const door = el("div", { class: "come" });
  const large = el(
    "button",
    {
      type: "button",
      id: "projector",
      "aria-pressed": "false",
      onclick: () => {
        const on = document.body.classList.toggle("projector");
        large.setAttribute("aria-pressed", String(on));
      },
    },
    "Large, for the projector",
  );
  main.replaceChildren(door, board, await questionForm(), kept.element);
  let shown = "";
  for (;;) {
    const results = await asked("/api/class/results").catch((problem) => ({ problem: problem.message }));
    const now = JSON.stringify(results);
    if (now !== shown) {
      shown = now;
      if (results.problem) {
        board.replaceChildren(el("p", { role: "alert" }, results.problem));
      } else {
        if (!door.firstChild) {
          door.append(...come(results), count, large);
        }
        const { length } = results.students;
        say(count, `${length} ${length === 1 ? "student" : "students"}`);
        board.replaceChildren(...question(results), ...pictures(results));
        kept.show(results.kept);
      }
    }
    await wait(700);
  }
}

/** How to come in: said once, since a picture that is made anew would flicker. */
function come(results) {
  // Without the picture (a package of the server's is missing) the address is what one types, in large letters.
  const without = () => {
    picture.remove();
    document.body.classList.add("typed");
  };
  const picture = el(
    "button",
    {
      type: "button",
      class: "qr",
      id: "qr",
      "aria-label": "The address as a code for telephones: larger, or small again",
      "aria-expanded": "false",
      onclick: ({ currentTarget: button }) => {
        const large = button.classList.toggle("large");
        button.setAttribute("aria-expanded", String(large));
      },
    },
    el("img", { src: "/api/class/qr.svg", alt: `Join at ${results.join}`, onerror: without }),
  );
  const parts = [picture, el("span", {}, "Join at ", el("strong", { id: "address" }, results.join))];
  if (results.code) {
    parts.push(el("span", {}, "Code ", el("strong", { class: "code", id: "code" }, results.code)));
  }
  return parts;
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
  const told =
    pooled.low === null ? `${differences.length} of ${students.length} have run.` : telling(pooled, say);
  const under = (heading, more, drawn) =>
    el("div", { class: "picture" }, el("h2", {}, heading, el("span", { class: "more" }, more)), drawn);
  return [
    under(
      `Predicted by ${predictions.length} of ${students.length}`,
      "",
      dots(predictions, scale, {
        colour: "#595959",
        label: axis,
        say: say.change,
        hollow: true,
        description: `Predictions: ${predictions.map(say.change).join(", ") || "none yet"}.`,
      }),
    ),
    under(
      "What came out: a dot a student",
      ", each with other people and other luck",
      dots(differences, scale, {
        colour: "#5b2a86",
        label: axis,
        say: say.change,
        pooled,
        description: told,
      }),
    ),
    el("p", { class: "told", id: "pooled", role: "status" }, told),
  ];
}
