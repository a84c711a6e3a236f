/** What the page shows, as one plain object; and the link that brings it back. */

/** Worlds that can stand side by side. */
export const WORLDS = ["a", "b", "c", "d"];

/** Those that stand side by side in a state. */
export function worldsOf(state) {
  return WORLDS.filter((name) => name === "a" || (state.two && (name === "b" || state[name])));
}

/** What changes in a state so that it has so many worlds: further ones begin as the last there is. */
export function withWorlds(state, number) {
  const last = worldsOf(state).at(-1);
  return {
    two: number > 1,
    c: number > 2 ? state.c || { ...state[last] } : null,
    d: number > 3 ? state.d || { ...state[last] } : null,
  };
}

/** A fresh state. */
export function freshState() {
  return {
    scenario: "",
    seed: "",
    months: null, // the scenario's own
    two: true,
    a: {}, // path -> value, what world A has set over the scenario
    b: {},
    c: null, // a third and a fourth world; null: there is none
    d: null,
    worldA: "", // of a hand-out: which finished world is shown as A
    worldB: "",
    worldC: "",
    worldD: "",
    view: "pair", // "pair": A beside B; "difference": A beside B less A
    month: null, // the last
    measure: "",
    place: null,
    life: null, // the identity of a migrant
    panel: "change",
    moves: null, // the page decides
    speed: 24, // months a second
    present: false,
    lesson: "",
    ask: "", // a question of the teacher's own
    about: "", // the outcome that it is about
    presets: [], // {name, link}: settings that were kept
  };
}

const TEXTS = [
  "scenario",
  "seed",
  "worldA",
  "worldB",
  "worldC",
  "worldD",
  "view",
  "measure",
  "life",
  "panel",
  "lesson",
  "ask",
  "about",
];
const NUMBERS = ["months", "month", "place", "speed"];
const SWITCHES = ["two", "moves", "present"];
const PANELS = ["", "change", "predict", "place", "lives", "about"];

/** Of settings kept under a name a link holds at most so many. */
export const MOST_PRESETS = 12;
const LONGEST_LINK = 2000;

/** The part of an address after "#": only what differs from a fresh state. */
export function toHash(state) {
  const fresh = freshState();
  const parts = new URLSearchParams();
  for (const name of [...TEXTS, ...NUMBERS]) {
    if (state[name] !== null && state[name] !== fresh[name]) parts.set(name, String(state[name]));
  }
  for (const name of SWITCHES) {
    if (state[name] !== null && state[name] !== fresh[name]) parts.set(name, state[name] ? "yes" : "no");
  }
  for (const world of WORLDS) {
    if (state[world] && fresh[world] === null) parts.set(world, "yes");
    for (const path of Object.keys(state[world] || {}).sort())
      parts.set(`${world}.${path}`, String(state[world][path]));
  }
  for (const { name, link } of state.presets) parts.append("kept", `${name}|${link}`);
  return parts.toString();
}

/** The state that a link tells of; what it does not tell, or tells wrongly, is as in a fresh one. */
export function fromHash(hash) {
  const state = freshState();
  for (const [name, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (/^[a-d](\.|$)/.test(name)) state[name[0]] = state[name[0]] || {};
    if (/^[a-d]\./.test(name)) state[name[0]][name.slice(2)] = valueOf(text);
    else if (name === "kept") keepPreset(state.presets, text);
    else if (SWITCHES.includes(name)) state[name] = text === "yes";
    else if (TEXTS.includes(name)) state[name] = text.slice(0, 400);
    else if (NUMBERS.includes(name) && /^\d{1,9}$/.test(text)) state[name] = Number(text);
  }
  if (!["pair", "difference"].includes(state.view)) state.view = "pair";
  if (!state.c) state.d = null;
  if (!PANELS.includes(state.panel)) state.panel = "change";
  if (!(state.speed >= 1 && state.speed <= 120)) state.speed = 24;
  return state;
}

function keepPreset(presets, text) {
  const [name, link] = [text.slice(0, text.indexOf("|")).slice(0, 40), text.slice(text.indexOf("|") + 1)];
  const fits = name && link.length <= LONGEST_LINK && presets.length < MOST_PRESETS;
  if (fits && !presets.some((each) => each.name === name)) presets.push({ name, link });
}

/** A value of a parameter from its text. */
function valueOf(text) {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The state, and those who want to know when it changes. */
export class Store {
  constructor(state) {
    this.state = state;
    this.listeners = [];
  }

  /** Call `listener(state, changed)` after each change; `changed` is the set of names. */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  /** Change some of the state; nobody is told if nothing differs. */
  set(changes) {
    const changed = new Set();
    for (const [name, value] of Object.entries(changes)) {
      if (this.state[name] !== value) changed.add(name);
    }
    if (!changed.size) return;
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener(this.state, changed);
  }
}
