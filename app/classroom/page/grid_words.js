/** What a grid says in words: which world has more of what, and only where the seeds decide it. */

import { listed, percentage, signed, valued } from "./format.js";
import { tr } from "./languages.js";

/** The lead: what became of the first outcome. `same`: both worlds are one. */
export function leadWords(grid, a, b) {
  if (a === b) {
    return {
      lead: tr("Both worlds are the same so far."),
      rest: tr("Move a slider of world B; but say first what you expect, and why."),
    };
  }
  const [{ name, label, unit }] = grid.outcomes;
  const found = grid.paired(a, b, name);
  if (!found.n) return { lead: tr("{outcome}: no seed can tell.", { outcome: label }), rest: "" };
  if (found.none) {
    return {
      lead: tr("{outcome}: the same in both worlds.", { outcome: label }),
      rest: tr("With each of {number} seeds, exactly.", { number: found.n }),
    };
  }
  const interval = { number: found.n, low: change(found.low, unit, true), high: change(found.high, unit) };
  if (found.clear) {
    const told = { outcome: label, first: precise(found.first, unit), other: precise(found.other, unit) };
    return {
      lead:
        found.change > 0
          ? tr("{outcome}: more in B, {other} against {first} in A.", told)
          : tr("{outcome}: less in B, {other} against {first} in A.", told),
      rest: tr(
        "Over {number} seeds the mean difference lies between {low} and {high}: luck alone does not explain it.",
        interval,
      ),
    };
  }
  const told = { outcome: label, first: valued(found.first, unit), other: valued(found.other, unit) };
  return {
    lead: tr("{outcome}: not decided ({first} in A, {other} in B).", told),
    rest: tr(
      "Over {number} seeds the mean difference lies between {low} and {high}, with none among it: it may be luck.",
      interval,
    ),
  };
}

/** The other outcomes in a sentence or two. */
export function otherWords(grid, a, b) {
  if (a === b) return "";
  const groups = { more: [], less: [], undecided: [], same: [] };
  for (const { name, label } of grid.outcomes.slice(1)) {
    const found = grid.paired(a, b, name);
    const key = found.none ? "same" : !found.clear ? "undecided" : found.change > 0 ? "more" : "less";
    groups[key].push(label.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase()));
  }
  const { more, less, undecided, same } = groups;
  const parts = [];
  if (more.length) parts.push(tr("Higher in B: {outcomes}.", { outcomes: listed(more) }));
  if (less.length) parts.push(tr("Lower in B: {outcomes}.", { outcomes: listed(less) }));
  if (undecided.length) parts.push(tr("Not decided: {outcomes}.", { outcomes: listed(undecided) }));
  if (same.length) parts.push(tr("The same: {outcomes}.", { outcomes: listed(same) }));
  return parts.join(" ");
}

/** What the seeds say of one outcome, in a table's cell. */
export function verdictWords(found) {
  if (!found.n) return tr("no seed can tell");
  if (found.none) return tr("the same");
  if (!found.clear) return tr("not decided");
  return found.change > 0 ? tr("higher in B") : tr("lower in B");
}

/** A change with its sign; of shares in points, to a tenth; `bare`: without that word. */
export function change(value, unit, bare = false) {
  if (!unit.startsWith("share") || Math.abs(value) < 0.0005) return signed(value, unit, bare);
  return signed(Math.round(1000 * value) / 1000, unit, bare);
}

/** The ends of the interval of a difference. */
export function ends({ low, high }, unit) {
  return tr("{low} to {high}", { low: change(low, unit, true), high: change(high, unit, true) });
}

/** A share with one decimal, anything else as usual. */
export function precise(value, unit) {
  if (!unit.startsWith("share") || !Number.isFinite(value)) return valued(value, unit);
  return percentage(value, 1);
}

/** A mean with its band. */
export function banded(summary, unit) {
  const band = bandOf(summary, unit);
  return `${precise(summary.mean, unit)}${band && ` (${band})`}`;
}

/** A band, as exact as its mean; "" where all seeds tell the same to what is shown, or none tells anything. */
export function bandOf({ low, high, n }, unit) {
  const told = { low: precise(low, unit), high: precise(high, unit) };
  return !n || told.low === told.high ? "" : tr("{low} to {high}", told);
}

/** Where the sliders of a world stand, in words. */
export function standingWords(grid, at) {
  return grid.factors.map(({ label, values }, i) => `${label}: ${values[at[i]]}`).join("; ");
}
