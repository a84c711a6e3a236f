/** Small helpers to build and change the page's elements. */

import { shown } from "./languages.js";

/**
 * An element with attributes, listeners (`on...`), properties (`.name`) and children (elements, texts, lists,
 * null).
 * @param {string} tag
 * @param {Object<string, any>} [attributes]
 * @param {...any} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) element[name.slice(1)] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child);
  }
}

/** Put other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Set a text only where it differs: an unchanged text is neither laid out nor read out again. */
export function say(element, text) {
  const words = shown(text);
  if (element.textContent !== words) element.textContent = words;
}

/** An id that no other element of the document has. */
export function uniqueId(stem) {
  let number = 1;
  while (document.getElementById(`${stem}-${number}`) || taken.has(`${stem}-${number}`)) number += 1;
  taken.add(`${stem}-${number}`);
  return `${stem}-${number}`;
}

const taken = new Set();

/** Let the browser save a file. */
export function download(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/**
 * Buttons of which one is pressed; a third text of a choice is its name for those who do not see it.
 * @param {string} label what the choice is about, for those who do not see it
 * @param {Array<[string, string]>} choices value and words of each
 * @param {(value: string) => void} choose
 */
export function segmented(label, choices, choose) {
  const buttons = choices.map(([value, words, name]) =>
    el(
      "button",
      { type: "button", "data-value": value, "aria-label": name, title: name, onclick: () => choose(value) },
      words,
    ),
  );
  const group = el("div", { class: "segmented", role: "group", "aria-label": label }, buttons);
  group.show = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
  };
  /** Leave only these to choose from. */
  group.choices = (values) => {
    for (const button of buttons) button.hidden = !values.includes(button.dataset.value);
  };
  return group;
}
