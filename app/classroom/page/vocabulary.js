/** The words and colours that came with a world: terms of the model, and entries of its open lists. */

/** A term of the world's vocabulary: {label, words, definition, colour}. */
export function term(world, name) {
  return world.vocabulary.terms[name] || { label: name, words: name, definition: "", colour: "#6f6f6f" };
}

/** An entry of one of the lists "services", "needs", "doors", "ngo_kinds": {label, words, meaning, colour}. */
export function entry(world, list, name) {
  return world.vocabulary[list][name] || { label: name, words: name, meaning: "", colour: "#6f6f6f" };
}

/** The steps from a need to help, those who may meet it, or the rungs of status, in the order of the arrays. */
export function termsOf(world, list) {
  return world.vocabulary[list].map((name) => ({ name, ...term(world, name) }));
}
