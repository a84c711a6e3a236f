/** The page's home in a hand-out: finished worlds, held by the file itself. */

import { Told } from "./home-server.js";
import { tr } from "./languages.js";
import { parting } from "./parting.js";
import { unpacked } from "./unpack.js";

/** The element that holds a hand-out's content, or null where there is none. */
export function handoutElement() {
  return document.getElementById("handout");
}

/**
 * The verbs of a hand-out.
 * @param {Object} content `{title, worlds: [{label, id, group, seed, data}], places, lives}`, `data` base64
 * of gzip
 * @returns {Object} a home (see PROTOCOL.md)
 */
export function handoutHome(content) {
  const opened = new Map();
  const open = (key, data) => {
    if (!opened.has(key)) opened.set(key, unpacked(data));
    return opened.get(key);
  };
  const json = async (key, data) => JSON.parse(new TextDecoder().decode(await open(key, data)));
  const lives = content.lives || {};

  return {
    kind: "handout",
    can: { run: false, lives: Object.keys(lives).length > 0, csv: false, scenarioFile: false },
    title: content.title,
    worlds: content.worlds.map(({ label, id, group, seed }) => ({ label, id, group, seed: String(seed) })),
    async run({ world }) {
      const found = content.worlds.find((each) => each.id === world);
      if (!found) throw new Told(tr("this hand-out holds no world {name}", { name: world }));
      return open(`world ${found.id}`, found.data);
    },
    async places(id) {
      if (!content.places[id]) throw new Told("this hand-out holds no such places");
      return json(`places ${id}`, content.places[id]);
    },
    async lives(id) {
      return lives[id] ? json(`lives ${id}`, lives[id].list) : { lives: [], total: 0 };
    },
    async life(id, migrant, against) {
      const told = lives[id] ? (await json(`told ${id}`, lives[id].told))[migrant] : null;
      if (!told) throw new Told("this hand-out does not hold that life", "choose one from the list");
      if (!against || !lives[against]) return told;
      const other = (await json(`told ${against}`, lives[against].told))[migrant];
      return other ? { ...told, parting: parting(told, other) } : told;
    },
    /** Which lives of a world can be read, as a set of identities. */
    async readable(id) {
      return lives[id] ? new Set(Object.keys(await json(`told ${id}`, lives[id].told))) : new Set();
    },
  };
}
