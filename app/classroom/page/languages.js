/**
 * The language of the page, and a message in it. A message is an English sentence with named placeholders; what it is in another
 * language comes with the page's content: `{code, plurals, reviewer, words: {message: [forms]}, terms: {context: {text: form}}}`.
 */

const ENGLISH = { code: "en", plurals: 2, reviewer: "", words: {}, terms: {} };
let spoken = ENGLISH;

/** Speak a language from now on; English where none is given. */
export function speak(language) {
  spoken = language || ENGLISH;
  document.documentElement.lang = spoken.code;
}

/** The code of the language that is spoken, for what the browser itself writes in words. */
export function locale() {
  return spoken.code;
}

/** Whether somebody has read the translation. */
export function reviewed() {
  return Boolean(spoken.reviewer);
}

/** The message as it is: marks one that is declared here and said elsewhere, by `tr`. */
export function later(message) {
  return message;
}

/** The message in the language that is spoken, its placeholders filled; in English if it has none there. */
export function tr(message, values = {}) {
  const forms = spoken.words[message];
  return filled(forms ? forms[0] : message, values);
}

/** The same of a counted thing: `one` for 1, else `many`. */
export function trNumber(one, many, number, values = {}) {
  const forms = spoken.words[one];
  const at = number === 1 || spoken.plurals === 1 ? 0 : 1;
  return filled(forms ? forms[at] : at ? many : one, values);
}

/** A word of the vocabulary, or an entry's: as it is where the language has none, as for what a user has added. */
export function trTerm(text, context) {
  const found = spoken.terms[context];
  return (found && found[text]) || text;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
