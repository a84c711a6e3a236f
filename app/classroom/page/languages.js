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

/*
 * Much of what the explorer's page says is a literal in English: it is looked up, whole, as it comes to be shown. What has
 * values in it is a message with placeholders, and asks `tr`.
 */

const ATTRIBUTES = ["aria-label", "title", "placeholder", "aria-valuetext", "alt"];

/** What a text of the page is in the language that is spoken; the text itself if it is nothing there. */
export function shown(text) {
  if (spoken === ENGLISH || !/[A-Za-z]{2}/.test(text)) return text;
  const [, before, words, after] = /^(\s*)([^]*?)(\s*)$/.exec(text);
  const found = exactly(words) || exactly(words.replace(/^\p{Lu}/u, (letter) => letter.toLowerCase()));
  return found ? before + found + after : text;
}

function exactly(words) {
  if (spoken.words[words]) return spoken.words[words][0];
  const context = Object.keys(spoken.terms).find((each) => spoken.terms[each][words]);
  return context && spoken.terms[context][words];
}

/** Show all texts below an element in the language that is spoken, as they come; nothing to do in English. */
export function translateBelow(root) {
  if (spoken === ENGLISH) return;
  translate(root);
  const watched = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes)
      if (type === "childList") addedNodes.forEach(translate);
      else translate(target);
  }).observe(root, { ...watched, attributeFilter: ATTRIBUTES });
}

function translate(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const words = shown(node.data);
    if (words !== node.data) node.data = words;
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || node.tagName === "STYLE") return;
  for (const name of ATTRIBUTES) {
    const text = node.getAttribute(name);
    const words = text && shown(text);
    if (words && words !== text) node.setAttribute(name, words);
  }
  node.childNodes.forEach(translate);
}
