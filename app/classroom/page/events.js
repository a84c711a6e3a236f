/** Dated changes of a run: marks on the track of time, and words that come up when their month comes. */

import { shown } from "./control.js";
import { el, fill } from "./dom.js";
import { dateWords, joined, listed, percent } from "./format.js";
import { tr, trTerm } from "./languages.js";

const FEW = 2; // entries of one kind that are told one by one
const STANDS = 2.6; // seconds that words stay while time passes
const LINGERS = 3; // months, while it stands still
const MOST_WORDS = 3; // changes told of one month

/** What comes up above the bar of time. */
export class Happening {
  constructor() {
    this.element = el("div", { class: "happening", hidden: true, "aria-hidden": "true" });
    this.key = "";
  }

  /** Show what has just changed; `speed`: months a second, 0 while time stands still. */
  show(world, month, speed) {
    const span = speed ? Math.max(LINGERS, speed * STANDS) : LINGERS;
    const now = (world.events || [])
      .filter((each) => each.month <= month && each.month > month - span)
      .slice(-2);
    const key = `${world.id} ${now.map((each) => each.month).join()}`;
    if (key === this.key) return;
    this.key = key;
    this.element.hidden = !now.length;
    fill(
      this.element,
      now.map((each) =>
        el("p", {}, el("strong", {}, dateWords(world.start, each.month)), el("span", {}, eventWords(each))),
      ),
    );
  }
}

/** Where on the track of time something changes. */
export function marksOf(world) {
  return (world.events || []).map((each) => {
    const mark = el("i", {
      title: tr("{date}: {changes}", { date: dateWords(world.start, each.month), changes: eventWords(each) }),
    });
    mark.style.left = `${(100 * each.month) / Math.max(1, world.months - 1)}%`;
    return mark;
  });
}

/** The changes of one month in words: those of many doors at once by their sum. */
function eventWords({ changes }) {
  const kinds = new Map();
  for (const change of changes) {
    const kind = change.entry ? change.label : change.path;
    kinds.set(kind, [...(kinds.get(kind) || []), change]);
  }
  const told = [...kinds.values()].sort((one, two) => one.length - two.length).map(kindWords);
  const more = told.length > MOST_WORDS ? [tr("{number} more", { number: told.length - MOST_WORDS })] : [];
  return listed([...told.slice(0, MOST_WORDS), ...more]);
}

function kindWords(changes) {
  const [{ path, label }] = changes;
  const parameter = trTerm(label, "parameter label");
  if (changes.length > FEW && changes.every((each) => typeof each.before === "number")) {
    const sum = (side) => changes.reduce((all, each) => all + each[side], 0);
    return tr("{parameter}, of {number} kinds: {share} of before", {
      parameter,
      number: changes.length,
      share: percent(sum("after") / sum("before")),
    });
  }
  const [section] = path.split(".");
  return joined(
    changes.map(({ entry, before, after }) => {
      const told = {
        parameter,
        entry: trTerm(entry, `${section} label`),
        before: shown(before),
        after: shown(after),
      };
      return entry
        ? tr("{entry}: {parameter} {before} → {after}", told)
        : tr("{parameter} {before} → {after}", told);
    }),
  );
}
