// The teacher's screen: the code, the question, what the class predicts, what comes out, and the interval of
// the mean; below, a new question, and what is kept.

import { questionForm } from "./class_ask.js";
import { asked, measureWords, numbers, telling, wait, worldWords } from "./class_common.js";
import { dots, scaleFor } from "./class_draw.js";
import { keptPart } from "./class_kept.js";
import { el, say } from "./dom.js";
import { joined } from "./format.js";
import { tr, trNumber } from "./languages.js";

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
    tr("Large, for the projector"),
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
        say(count, trNumber("{number} student", "{number} students", length, { number: length }));
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
      "aria-label": tr("The address as a code for telephones: larger, or small again"),
      "aria-expanded": "false",
      onclick: ({ currentTarget: button }) => {
        const large = button.classList.toggle("large");
        button.setAttribute("aria-expanded", String(large));
      },
    },
    el("img", {
      src: "/api/class/qr.svg",
      alt: tr("Join at {address}", { address: results.join }),
      onerror: without,
    }),
  );
  const parts = [
    picture,
    around(tr("Join at {address}"), "{address}", el("strong", { id: "address" }, results.join)),
  ];
  if (results.code) {
    parts.push(
      around(tr("Code {code}"), "{code}", el("strong", { class: "code", id: "code" }, results.code)),
    );
  }
  return parts;
}

/** A sentence around an element, which stands in the place of a name in braces. */
function around(sentence, place, element) {
  const [before, after] = sentence.split(place);
  return el("span", {}, before, element, after);
}

function question({ assignment }) {
  if (!assignment) {
    return [el("h1", { class: "question" }, tr("No question yet: ask one below."))];
  }
  return [
    el("h1", { class: "question" }, assignment.question),
    el(
      "p",
      { class: "note" },
      tr("World A: {first}. World B: {other}.", {
        first: worldWords(assignment.a),
        other: worldWords(assignment.b),
      }),
    ),
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
  const axis = tr("{outcome}: B less A, {unit}", { outcome: measureWords(assignment), unit: say.unit });
  const told =
    pooled.low === null
      ? tr("{number} of {all} have run.", { number: differences.length, all: students.length })
      : telling(pooled, say);
  const under = (heading, more, drawn) =>
    el(
      "div",
      { class: "picture" },
      el("h2", {}, heading, more ? el("span", { class: "more" }, ` (${more})`) : null),
      drawn,
    );
  return [
    under(
      tr("Predicted by {number} of {all}", { number: predictions.length, all: students.length }),
      "",
      dots(predictions, scale, {
        colour: "#595959",
        label: axis,
        say: say.change,
        hollow: true,
        description: predictions.length
          ? tr("Predictions: {values}.", { values: joined(predictions.map(say.change)) })
          : tr("No predictions yet."),
      }),
    ),
    under(
      tr("What came out: a dot a student"),
      tr("each with other people and other luck"),
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
