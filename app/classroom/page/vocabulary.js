/** The words and colours that came with a world: terms of the model, and entries of its open lists. */

// The terms in the order of the columns of the array `cascade`, and of the lines of status.
export const STAGES = ["needs", "aware", "willing", "eligible", "claimed", "served"];
export const RUNGS = ["citizen", "denizen", "legal", "unauthorised"];

/**
 * A term ("stage", "provider", "rung" ...) or an entry ("services", "needs", "doors", "ngo_kinds", "trades").
 * @returns {{label: string, definition: string, colour: string, words: string, many: string}}
 */
export function term(world, kind, name) {
  return (
    world.vocabulary[kind][name] || {
      label: name,
      definition: "",
      colour: "#6f6f6f",
      words: name,
      many: name,
    }
  );
}

/** The statuses that make up a rung; the last takes all that are no rung of their own. */
export function statusesOf(world, rung) {
  return world.statuses.includes(rung) ? [rung] : world.statuses.filter((status) => !RUNGS.includes(status));
}

/** What those are called who have no permit or work outside it, as an adjective. */
export function unauthorised(world) {
  return term(world, "rung", "unauthorised").label.toLowerCase();
}
