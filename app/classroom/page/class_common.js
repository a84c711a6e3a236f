// What the two views of class mode share: asking the server, making elements, writing numbers.

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
      throw new Error([content.error, content.hint].filter(Boolean).join(": "));
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
  const written = (value) =>
    scaled(value).toLocaleString("en", {
      minimumFractionDigits: digits(scaled(value)),
      maximumFractionDigits: digits(scaled(value)),
    });
  const sign = (value) => (value > 0 ? "+" : value < 0 ? "\u2212" : "");
  return {
    scale: share ? 100 : 1,
    unit: share ? "percentage points" : assignment.unit,
    value: (value) => (value === null ? "none" : written(value) + (share ? "%" : "")),
    change: (value) => (value === null ? "none" : sign(value) + written(Math.abs(value))),
  };
}

/** What an interval of the mean says; `say` are its numbers. */
export function telling(pooled, say) {
  const verdict =
    pooled.low > 0 || pooled.high < 0
      ? "Zero lies outside: luck alone does not explain it."
      : "Zero lies within: luck alone may explain it.";
  return (
    `Mean of ${pooled.n}: ${say.change(pooled.mean)} ${say.unit} (95% interval of the mean: ` +
    `${say.change(pooled.low)} to ${say.change(pooled.high)}). ${verdict}`
  );
}

/** What a world of an assignment is, in words. */
export function worldWords(world) {
  const months = world.months ? [`${world.months} months`] : [];
  return [world.scenario, ...world.words, ...months].join(", ");
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
