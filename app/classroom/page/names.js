/** What places are called: for their country's readers in its own script, for others as well. */

import { FACE } from "./chart-lines.js";

const SAMPLES = { ja: "札幌", ko: "서울" }; // two letters of a language
const found = new Map();

/** Whether there is a font with the letters of the places' own names: without, all letters are the same box. */
function canDraw(places) {
  const sample = SAMPLES[places.language];
  if (!places.name_local || !sample) return Boolean(places.name_local);
  if (!found.has(sample)) {
    const [one, other] = Array.from(sample, (letter) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [24, 24];
      const context = canvas.getContext("2d");
      context.font = `20px ${FACE}`;
      context.fillText(letter, 1, 20);
      return canvas.toDataURL();
    });
    found.set(sample, one !== other);
  }
  return found.get(sample);
}

/** Whether whoever reads has the browser in the language of the places' own names, and a font for it. */
function readsLocal(places) {
  return canDraw(places) && (navigator.language || "").toLowerCase().startsWith(places.language);
}

/** A name without what kind of municipality it is, for a map: Hamamatsu-shi -> Hamamatsu. */
export function shortName(places, place) {
  if (readsLocal(places) && places.name_local[place]) return places.name_local[place];
  return places.name[place].replace(/(.)-[a-z]{1,5}$/, "$1");
}

/** A name in both scripts, the reader's first. */
export function fullName(places, place) {
  const [name, local] = [places.name[place], canDraw(places) ? places.name_local[place] : ""];
  if (!local) return name;
  return readsLocal(places) ? `${local} ${name}` : `${name} ${local}`;
}

/** Names that tell places apart, to be searched: with the region where two have the same. */
export function searchNames(places) {
  const seen = new Map();
  for (const name of places.name) seen.set(name, (seen.get(name) || 0) + 1);
  return places.name.map((name, place) =>
    seen.get(name) > 1 ? `${name} (${places.regionName(place)})` : name,
  );
}

/** Without marks on letters and in small ones: Ōizumi -> oizumi. */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
