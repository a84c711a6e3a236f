/** What differs between two worlds, in a few plain sentences computed from them. */

import { count, listed, number, sentence } from "./format.js";
import { direction, outcome, outcomesOf } from "./outcomes.js";
import { term, unauthorised } from "./vocabulary.js";

const byProvider = (world) => outcomesOf(world).filter((each) => each.provider);
const name = (world, of) => term(world, "provider", of.provider).many;

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
  const parts = byProvider(a)
    .map(({ key }) => change(a, b, key))
    .filter((each) => each.way !== "same");
  const told = parts.map(({ of, by }) => `${name(a, of)} ${hundred(by)} ${by > 0 ? "more" : "fewer"}`);
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
    more.push(
      `Of 100 in need, ${hundred(aware.after)} ${aware.of.short(a)}, against ${hundred(aware.before)}.`,
    );
  }
  if (willing.way !== "same") {
    const were = `${hundred(willing.after)} were ${willing.of.short(a)}, against ${hundred(willing.before)}`;
    more.push(`Of 100 who ${aware.of.short(a)}, ${were}.`);
  }
  const without = change(a, b, "unauthorised");
  if (without.way !== "same") {
    more.push(
      `At the end ${count(without.after)} people were ${unauthorised(a)}, against ${count(without.before)}.`,
    );
  }
  const migrants = change(a, b, "migrants");
  if (migrants.way !== "same") {
    more.push(`${count(migrants.after)} migrants lived here, against ${count(migrants.before)}.`);
  }
  const level = change(a, b, "level");
  if (level.way !== "same") {
    const stood = `${number(level.after)} of 1 where migrants live, against ${number(level.before)}`;
    more.push(`Cities' services stood at ${stood}.`);
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
  const who = byProvider(world)
    .map((each) => `${name(world, each)} ${of(each.key)}`)
    .join(", ");
  const aware = `of 100 in need, ${of("aware")} ${outcome("aware").short(world)}`;
  const willing = `of 100 of these ${of("willing")} were ${outcome("willing").short(world)}`;
  return `Of 100 needs, ${of("met")} were met: ${who}. ${sentence(aware)}, and ${willing}.`;
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
