/** What differs between two worlds, in a few plain sentences computed from them. */

import { count, listed, number } from "./format.js";
import { direction, outcome } from "./outcomes.js";

/**
 * Sentences that compare B with A over the whole run.
 * @returns {{lead: string, more: string[]}}
 */
export function whatDiffers(a, b) {
  if (sameBytes(a, b)) {
    return { lead: "Both worlds are the same.", more: [] };
  }
  const more = [];
  const met = change(a, b, "met");
  const parts = ["met_city", "met_ngo", "met_nation"].map((key) => change(a, b, key)).filter((each) => each.way !== "same");
  const names = { met_city: "cities", met_ngo: "NGOs", met_nation: "the state" };
  const told = parts.map((each) => `${names[each.of.key]} ${hundred(each.by)} ${each.by > 0 ? "more" : "fewer"}`);
  let lead;
  if (met.way === "same") {
    lead = `In B as many needs were met as in A: ${hundred(met.after)} of 100`;
    lead += told.length ? `, but by others: ${listed(told)}.` : ".";
  } else {
    lead = `In B, ${hundred(met.by)} ${met.by > 0 ? "more" : "fewer"} of 100 needs were met than in A`;
    lead += ` (${hundred(met.after)} against ${hundred(met.before)})`;
    lead += told.length ? `: ${listed(told)}.` : ".";
  }
  const aware = change(a, b, "aware");
  const willing = change(a, b, "willing");
  if (aware.way !== "same") {
    more.push(`Of 100 in need, ${hundred(aware.after)} knew of help, against ${hundred(aware.before)}.`);
  }
  if (willing.way !== "same") {
    more.push(`Of 100 who knew of help, ${hundred(willing.after)} dared to ask, against ${hundred(willing.before)}.`);
  }
  const without = change(a, b, "unauthorised");
  if (without.way !== "same") {
    more.push(`At the end ${count(without.after)} people were without papers, against ${count(without.before)}.`);
  }
  const migrants = change(a, b, "migrants");
  if (migrants.way !== "same") {
    more.push(`${count(migrants.after)} migrants lived here, against ${count(migrants.before)}.`);
  }
  const level = change(a, b, "level");
  if (level.way !== "same") {
    more.push(`Cities' services stood at ${number(level.after)} of 1 where migrants live, against ${number(level.before)}.`);
  }
  const uneven = change(a, b, "uneven");
  if (uneven.way !== "same") {
    more.push(`Services were ${uneven.by > 0 ? "more" : "less"} uneven between places.`);
  }
  return { lead, more };
}

/**
 * A sentence on one world over the whole run.
 * @returns {string}
 */
export function whatHappened(world) {
  const of = (key) => hundred(outcome(key).value(world));
  const who = `cities ${of("met_city")}, NGOs ${of("met_ngo")}, the state ${of("met_nation")}`;
  return `Of 100 needs, ${of("met")} were met: ${who}. Of 100 in need, ${of("aware")} knew of help, and of 100 of these ${of("willing")} dared to ask.`;
}

function change(a, b, key) {
  const of = outcome(key);
  const before = of.value(a);
  const after = of.value(b);
  return { of, before, after, by: after - before, way: direction(of, before, after) };
}

function hundred(share) {
  return Number.isFinite(share) ? (100 * Math.abs(share)).toFixed(1) : "none";
}

function sameBytes(a, b) {
  return ["stock", "cascade", "who", "stock_status", "level"].every((name) => {
    const one = a.arrays[name].raw;
    const two = b.arrays[name].raw;
    return one.length === two.length && one.every((raw, i) => raw === two[i]);
  });
}
