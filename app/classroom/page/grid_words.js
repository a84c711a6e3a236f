/** What a grid says in words: which world has more of what, and only where the seeds decide it. */

import { listed, number, percent, signed, valued } from "./format.js";

/** The lead: what became of the first outcome. `same`: both worlds are one. */
export function leadWords(grid, a, b) {
  if (a === b) {
    return {
      lead: "Both worlds are the same so far.",
      rest: "Move a slider of world B; but say first what you expect, and why.",
    };
  }
  const [{ name, label, unit }] = grid.outcomes;
  const found = grid.paired(a, b, name);
  if (!found.n) return { lead: `${label}: no seed can tell.`, rest: "" };
  if (found.none) {
    return { lead: `${label}: the same in both worlds.`, rest: `With each of ${found.n} seeds, exactly.` };
  }
  const [first, other] = [found.first, found.other].map((value) => valued(value, unit));
  const between = `Over ${found.n} seeds the mean difference lies between ${ends(found, unit, "and")}`;
  if (found.clear) {
    const way = found.change > 0 ? "more" : "less";
    return {
      lead: `${label}: ${way} in B, ${precise(found.other, unit)} against ${precise(found.first, unit)} in A.`,
      rest: `${between}: luck alone does not explain it.`,
    };
  }
  return {
    lead: `${label}: not decided (${first} in A, ${other} in B).`,
    rest: `${between}, with none among it: it may be luck.`,
  };
}

/** The other outcomes in a sentence or two. */
export function otherWords(grid, a, b) {
  if (a === b) return "";
  const groups = { more: [], less: [], undecided: [], same: [] };
  for (const { name, label } of grid.outcomes.slice(1)) {
    const found = grid.paired(a, b, name);
    const key = found.none ? "same" : !found.clear ? "undecided" : found.change > 0 ? "more" : "less";
    groups[key].push(label.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()));
  }
  const parts = [];
  if (groups.more.length) parts.push(`Higher in B: ${listed(groups.more)}.`);
  if (groups.less.length) parts.push(`Lower in B: ${listed(groups.less)}.`);
  if (groups.undecided.length) parts.push(`Not decided: ${listed(groups.undecided)}.`);
  if (groups.same.length) parts.push(`The same: ${listed(groups.same)}.`);
  return parts.join(" ");
}

/** What the seeds say of one outcome, in a table's cell. */
export function verdictWords(found) {
  if (!found.n) return "no seed can tell";
  if (found.none) return "the same";
  if (!found.clear) return "not decided";
  return found.change > 0 ? "higher in B" : "lower in B";
}

/** A change with its sign; of shares in points, to a tenth. */
export function change(value, unit) {
  if (!unit.startsWith("share") || Math.abs(value) < 0.0005) return signed(value, unit);
  return signed(Math.round(1000 * value) / 1000, unit);
}

/** The ends of the interval of a difference. */
export function ends({ low, high }, unit, between = "to") {
  return `${change(low, unit).replace(" points", "")} ${between} ${change(high, unit)}`;
}

/** A share with one decimal, anything else as usual. */
export function precise(value, unit) {
  if (!unit.startsWith("share") || !Number.isFinite(value)) return valued(value, unit);
  return `${number(Math.round(1000 * value) / 10)}%`;
}

/** A mean with its band. */
export function banded(summary, unit) {
  const band = bandOf(summary, unit);
  return `${precise(summary.mean, unit)}${band && ` (${band})`}`;
}

/** A band; "" where all seeds tell the same, or none tells anything. */
export function bandOf({ low, high, n }, unit) {
  return !n || low === high ? "" : `${short(low, unit)} to ${short(high, unit)}`;
}

function short(value, unit) {
  return unit.startsWith("share") ? percent(value) : number(value);
}

/** Where the sliders of a world stand, in words. */
export function standingWords(grid, at) {
  return grid.factors.map(({ label, values }, i) => `${label}: ${values[at[i]]}`).join("; ");
}
