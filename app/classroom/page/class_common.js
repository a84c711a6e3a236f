// What the two views of class mode share: asking the server, and writing numbers.

import { flowing, joined } from "./format.js";
import { locale, tr, trNumber, trTerm } from "./languages.js";

/**
 * What the server answers, as JSON; an error says in a sentence what is wrong. Waits and tries again while it
 * is busy.
 */
export async function asked(path, body) {
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(
      path,
      body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
          },
    );
    if (answer.status === 401) {
      location.assign("/join");
    }
    if ((answer.status === 429 || answer.status === 503) && tries < 20) {
      const seconds = Number(answer.headers.get("Retry-After")) || 1;
      await wait(1000 * seconds * (0.5 + Math.random()));
      continue;
    }
    const content = await answer.json();
    if (!answer.ok) {
      throw new Error(
        content.hint
          ? tr("{problem}: {hint}", { problem: content.error, hint: content.hint })
          : content.error,
      );
    }
    return content;
  }
}

export function wait(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** How numbers of an assignment are written: shares in percent, their differences in points. */
export function numbers(assignment) {
  const share = assignment.unit.startsWith("share of ");
  const persons = assignment.unit === "persons";
  const digits = (value) => (persons || Math.abs(value) >= 100 ? 0 : share || Math.abs(value) >= 1 ? 1 : 3);
  const scaled = (value) => (share ? 100 * value : value);
  const written = (value) => {
    const places = digits(scaled(value));
    const style = { minimumFractionDigits: places, maximumFractionDigits: places };
    return (number, more = {}) => number.toLocaleString(locale(), { ...style, ...more });
  };
  const sign = (value) => (value > 0 ? "+" : value < 0 ? "\u2212" : "");
  return {
    scale: share ? 100 : 1,
    unit: share ? tr("percentage points") : trTerm(assignment.unit, "unit"),
    value: (value) =>
      value === null ? tr("none") : written(value)(value, share ? { style: "percent" } : {}),
    change: (value) => (value === null ? tr("none") : sign(value) + written(value)(Math.abs(scaled(value)))),
  };
}

/** What the measure of an assignment is called. */
export function measureWords({ label }) {
  return trTerm(label, "outcome label");
}

/** What an interval of the mean says; `say` are its numbers. */
export function telling(pooled, say) {
  const mean = tr("Mean of {number}: {mean} {unit} (95% interval of the mean: {low} to {high}).", {
    number: pooled.n,
    mean: say.change(pooled.mean),
    unit: say.unit,
    low: say.change(pooled.low),
    high: say.change(pooled.high),
  });
  const verdict =
    pooled.low > 0 || pooled.high < 0
      ? tr("Zero lies outside: luck alone does not explain it.")
      : tr("Zero lies within: luck alone may explain it.");
  return flowing([mean, verdict]);
}

/** What a world of an assignment is, in words. */
export function worldWords({ scenario, words, months }) {
  const span = months ? [trNumber("{number} month", "{number} months", months, { number: months })] : [];
  return joined([scenario, ...words, ...span]);
}

/**
 * The link that shows both worlds of an assignment with a seed on the page; null where they are not of one
 * scenario.
 */
export function explored(assignment, seed) {
  const { a, b } = assignment;
  if (a.scenario !== b.scenario || a.months !== b.months) {
    return null;
  }
  const parts = new URLSearchParams({ scenario: a.scenario, seed });
  if (a.months) {
    parts.set("months", a.months);
  }
  for (const [name, world] of [
    ["a", a],
    ["b", b],
  ]) {
    for (const set of world.sets) {
      const [path, value] = set.split("=");
      parts.set(`${name}.${path}`, value);
    }
  }
  return `/#${parts}`;
}
