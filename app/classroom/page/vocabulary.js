/** The words and colours that came with a world: terms of the model, and entries of its open lists. */

import { trTerm } from "./languages.js";

// The terms in the order of the columns of the array `cascade`, and of the lines of status.
export const STAGES = ["needs", "aware", "willing", "eligible", "claimed", "served"];
export const RUNGS = ["citizen", "denizen", "legal", "unauthorised"];
const SAID = ["label", "words", "many"]; // definitions are looked up as they are shown

/**
 * A term ("stage", "provider", "rung" ...) or an entry ("services", "needs", "doors", "ngo_kinds", "trades"), in the language
 * that is spoken.
 * @returns {{label: string, definition: string, colour: string, words: string, many: string}}
 */
export function term(world, kind, name) {
  const found = world.vocabulary[kind][name];
  if (!found) return { label: name, definition: "", colour: "#6f6f6f", words: name, many: name };
  const said = SAID.map((field) => [field, trTerm(found[field], `${kind} ${field}`)]);
  return { ...found, ...Object.fromEntries(said) };
}

/** The statuses that make up a rung; the last takes all that are no rung of their own. */
export function statusesOf(world, rung) {
  return world.statuses.includes(rung) ? [rung] : world.statuses.filter((status) => !RUNGS.includes(status));
}
