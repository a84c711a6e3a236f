/**
 * What differs between two worlds, in a few plain sentences computed from them. One seed gives numbers; a word that
 * compares needs several, and a difference whose interval leaves 0 out.
 */

import { count, listed, number, sentence } from "./format.js";
import { direction, outcome, outcomesOf } from "./outcomes.js";
import { decide, range } from "./seeds.js";
import { term, unauthorised } from "./vocabulary.js";

const byProvider = (world) => outcomesOf(world).filter((each) => each.provider);
const name = (world, of) => term(world, "provider", of.provider).many;

/**
 * Sentences that compare B with A over the whole run. `seeds`: what FurtherSeeds found, or null.
 * @returns {{lead: string, more: string[]}}
 */
export function whatDiffers(a, b, seeds = null) {
  if (sameBytes(a, b)) {
    return { lead: "Both worlds are the same.", more: [] };
  }
  const more = [];
  const met = change(a, b, "met");
  const parts = byProvider(a)
    .map(({ key }) => change(a, b, key))
    .filter((each) => each.way !== "same");
  const found = decide(seeds, "met");
  let lead = `Of 100 needs, ${hundred(met.after)} were met in B and ${hundred(met.before)} in A`;
  if (found && found.decided) {
    const way = found.mean > 0 ? "more" : "fewer";
    lead = `In B, ${hundred(found.mean)} ${way} of 100 needs are met than in A (${seeds.length} seeds: ${points(found)})`;
    const decided = parts.map(({ of }) => ({ of, ...decide(seeds, of.key) })).filter((each) => each.decided);
    const told = decided.map((each) => {
      return `${name(a, each.of)} ${hundred(each.mean)} ${each.mean > 0 ? "more" : "fewer"}`;
    });
    lead += told.length ? `: ${listed(told)}.` : ".";
  } else if (found) {
    lead += `; over ${seeds.length} seeds the difference is not decided (${points(found)}).`;
  } else {
    const told = parts.map(
      ({ of, after, before }) => `${name(a, of)} ${hundred(after)} and ${hundred(before)}`,
    );
    lead += `${told.length ? `: ${listed(told)}` : ""} (one seed).`;
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
    more.push(`Unevenness of services (Theil): ${number(uneven.after)}, against ${number(uneven.before)}.`);
  }
  return { lead, more };
}

/**
 * A sentence that holds worlds against A, the first of them, over the whole run.
 * @param {Array<[string, Object]>} worlds by name, three or more
 */
export function whatSeveral(worlds, seeds = null) {
  const met = worlds.map(
    ([letter, world]) => `${hundred(outcome("met").value(world))} in ${letter.toUpperCase()}`,
  );
  const told = `Of 100 needs, ${listed(met)} were met (one seed).`;
  if (!seeds) return { lead: told, more: [] };
  const found = worlds.slice(1).map(([letter]) => [letter.toUpperCase(), decide(seeds, "met", letter)]);
  const parts = found.map(([letter, each]) => {
    if (!each || !each.decided) return `${letter} is not decided${each ? ` (${points(each)})` : ""}`;
    return `${letter} ${hundred(each.mean)} ${each.mean > 0 ? "more" : "fewer"} (${points(each)})`;
  });
  return { lead: `Of 100 needs met, against A over ${seeds.length} seeds: ${listed(parts)}.`, more: [] };
}

/** The interval of a difference of shares, in points. */
function points({ low, high }) {
  const signed = (share) => `${share < 0 ? "\u2212" : "+"}${hundred(share)}`;
  return `${signed(low)} to ${signed(high)}`;
}

/**
 * A sentence on one world over the whole run. `seeds`: what FurtherSeeds found, or null.
 * @returns {string}
 */
export function whatHappened(world, seeds = null) {
  const of = (key) => hundred(outcome(key).value(world));
  const who = byProvider(world)
    .map((each) => `${name(world, each)} ${of(each.key)}`)
    .join(", ");
  const aware = `of 100 in need, ${of("aware")} ${outcome("aware").short(world)}`;
  const willing = `of 100 of these ${of("willing")} were ${outcome("willing").short(world)}`;
  const over = seeds
    ? `, ${range(seeds, "met").map(hundred).join(" to ")} over ${seeds.length} seeds`
    : " (one seed)";
  return `Of 100 needs, ${of("met")} were met${over}: ${who}. ${sentence(aware)}, and ${willing}.`;
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
