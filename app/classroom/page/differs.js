/**
 * What differs between two worlds, in a few plain sentences computed from them. One seed gives numbers; a word that
 * compares needs several, and a difference whose interval leaves 0 out.
 *
 * Each sentence is a message of its own, so that a language can order its words.
 */

import { count, flowing, joined, listed, number, tenths } from "./format.js";
import { tr } from "./languages.js";
import { direction, isClaimed, outcome, outcomesOf } from "./outcomes.js";
import { decide, range } from "./seeds.js";
import { term } from "./vocabulary.js";

const ofProviders = (world) => outcomesOf(world).filter((each) => each.provider);
const byProvider = (world) => ofProviders(world).filter((each) => isClaimed(world, each.provider));
const unclaimed = (world) => ofProviders(world).filter((each) => !isClaimed(world, each.provider));
const name = (world, of) => term(world, "provider", of.provider).many;

/** What follows the lead, by outcome: how its numbers are written, and the sentence that holds B against A. */
const FURTHER = [
  ["aware", hundred, (told) => tr("Of 100 in need, {other} knew of help in B, against {first} in A.", told)],
  [
    "willing",
    hundred,
    (told) => tr("Of 100 who knew of help, {other} were willing to ask in B, against {first} in A.", told),
  ],
  [
    "unauthorised",
    count,
    (told) => tr("At the end {other} people were unauthorised in B, against {first} in A.", told),
  ],
  ["migrants", count, (told) => tr("At the end {other} migrants lived in B, against {first} in A.", told)],
  [
    "level",
    number,
    (told) =>
      tr("Where migrants live, cities' services stood at {other} of 1 in B, against {first} in A.", told),
  ],
  [
    "uneven",
    number,
    (told) => tr("Unevenness of services (Theil): {other} in B, against {first} in A.", told),
  ],
];

/**
 * Sentences that compare B with A over the whole run. `seeds`: what FurtherSeeds found, or null.
 * @returns {{lead: string, more: string[]}}
 */
export function whatDiffers(a, b, seeds = null) {
  if (sameBytes(a, b)) return { lead: tr("Both worlds are the same."), more: [] };
  // Of several seeds only what is decided is told, and the means over them, as in the lead.
  const changed = (key) => (seeds ? meanChange(a, seeds, key) : change(a, b, key));
  const told = (key) => changed(key).way !== "same" && (!seeds || Boolean(decide(seeds, key)?.decided));
  const more = FURTHER.filter(([key]) => told(key))
    .map(([key, written, said]) => [changed(key), written, said])
    .map(([{ before, after }, written, said]) => said({ other: written(after), first: written(before) }));
  const apart = unclaimed(a)
    .filter(({ key }) => told(key))
    .map(({ key }) => changed(key))
    .map(({ of, before, after }) =>
      tr("Of 100 needs, {other} ended with help from {provider} in B, against {first} in A.", {
        provider: name(a, of),
        other: hundred(after),
        first: hundred(before),
      }),
    );
  return { lead: leadOf(a, b, seeds), more: [...more, ...apart] };
}

function leadOf(a, b, seeds) {
  const found = decide(seeds, "met");
  const parts = byProvider(a)
    .map(({ key }) => change(a, b, key))
    .filter((each) => each.way !== "same");
  if (found && found.decided) return decidedLead(a, found, parts, seeds);
  const met = seeds ? meanChange(a, seeds, "met") : change(a, b, "met");
  const told = { other: hundred(met.after), first: hundred(met.before) };
  if (found) {
    return tr(
      "Over {seeds} seeds, {other} of 100 needs were met in B and {first} in A on average; the difference is not decided ({interval}).",
      { ...told, seeds: seeds.length, interval: points(found) },
    );
  }
  if (!parts.length) return tr("Of 100 needs, {other} were met in B and {first} in A (one seed).", told);
  const by = parts.map(({ of, after, before }) =>
    tr("{provider} {other} and {first}", {
      provider: name(a, of),
      other: hundred(after),
      first: hundred(before),
    }),
  );
  return tr("Of 100 needs, {other} were met in B and {first} in A: {parts} (one seed).", {
    ...told,
    parts: joined(by),
  });
}

function decidedLead(a, found, parts, seeds) {
  const by = parts
    .map(({ of }) => ({ of, ...decide(seeds, of.key) }))
    .filter((each) => each.decided)
    .map(({ of, mean }) => {
      const told = { provider: name(a, of), number: hundred(mean) };
      return mean > 0 ? tr("{provider} {number} more", told) : tr("{provider} {number} fewer", told);
    });
  const told = {
    number: hundred(found.mean),
    seeds: seeds.length,
    interval: points(found),
    parts: listed(by),
  };
  if (found.mean > 0) {
    return by.length
      ? tr("In B, {number} more of 100 needs are met than in A ({seeds} seeds: {interval}): {parts}.", told)
      : tr("In B, {number} more of 100 needs are met than in A ({seeds} seeds: {interval}).", told);
  }
  return by.length
    ? tr("In B, {number} fewer of 100 needs are met than in A ({seeds} seeds: {interval}): {parts}.", told)
    : tr("In B, {number} fewer of 100 needs are met than in A ({seeds} seeds: {interval}).", told);
}

/**
 * A sentence that holds worlds against A, the first of them, over the whole run.
 * @param {Array<[string, Object]>} worlds by name, three or more
 */
export function whatSeveral(worlds, seeds = null) {
  if (!seeds) {
    const met = worlds.map(([letter, world]) =>
      tr("{value} in {world}", {
        value: hundred(outcome("met").value(world)),
        world: letter.toUpperCase(),
      }),
    );
    return { lead: tr("Of 100 needs, {parts} were met (one seed).", { parts: listed(met) }), more: [] };
  }
  const parts = worlds.slice(1).map(([letter]) => {
    const found = decide(seeds, "met", letter);
    const world = letter.toUpperCase();
    if (!found) return tr("{world} is not decided", { world });
    const told = { world, number: hundred(found.mean), interval: points(found) };
    if (!found.decided) return tr("{world} is not decided ({interval})", told);
    return found.mean > 0
      ? tr("{world} {number} more ({interval})", told)
      : tr("{world} {number} fewer ({interval})", told);
  });
  const lead = tr("Of 100 needs met, against A over {seeds} seeds: {parts}.", {
    seeds: seeds.length,
    parts: listed(parts),
  });
  return { lead, more: [] };
}

/** The interval of a difference of shares, in points. */
function points({ low, high }) {
  const signed = (share) => `${share < 0 ? "\u2212" : "+"}${hundred(share)}`;
  return tr("{low} to {high}", { low: signed(low), high: signed(high) });
}

/**
 * Sentences on one world over the whole run. `seeds`: what FurtherSeeds found, or null.
 * @returns {string}
 */
export function whatHappened(world, seeds = null) {
  const of = (key) => hundred(outcome(key).value(world));
  const parts = byProvider(world).map((each) =>
    tr("{provider} {number}", { provider: name(world, each), number: of(each.key) }),
  );
  const told = { met: of("met"), parts: joined(parts) };
  const lead = seeds
    ? tr("Of 100 needs, {met} were met ({interval} over {seeds} seeds): {parts}.", {
        ...told,
        interval: rangeOf(seeds),
        seeds: seeds.length,
      })
    : tr("Of 100 needs, {met} were met (one seed): {parts}.", told);
  const rest = tr(
    "Of 100 in need, {aware} knew of help, and of 100 of these {willing} were willing to ask.",
    {
      aware: of("aware"),
      willing: of("willing"),
    },
  );
  const apart = unclaimed(world).map((each) =>
    tr(
      "A further {number} ended with help from {provider}, which is no claim and is not counted among these.",
      {
        provider: name(world, each),
        number: of(each.key),
      },
    ),
  );
  return flowing([lead, ...apart, rest]);
}

function rangeOf(seeds) {
  const [low, high] = range(seeds, "met").map(hundred);
  return tr("{low} to {high}", { low, high });
}

function change(a, b, key) {
  const of = outcome(key);
  const before = of.value(a);
  const after = of.value(b);
  return { of, before, after, way: direction(of, before, after) };
}

/** The same of means over seeds. */
function meanChange(a, seeds, key) {
  const of = outcome(key);
  const [before, after] = ["a", "b"].map(
    (name) => seeds.reduce((sum, worlds) => sum + worlds[name].outcomes[key], 0) / seeds.length,
  );
  return { of, before, after, way: direction(of, before, after) };
}

/** Of a hundred, to a tenth. */
function hundred(share) {
  return Number.isFinite(share) ? tenths(100 * Math.abs(share)) : tr("none");
}

function sameBytes(a, b) {
  return ["stock", "cascade", "who", "stock_status", "level"].every((name) => {
    const one = a.arrays[name].raw;
    const two = b.arrays[name].raw;
    return one.length === two.length && one.every((raw, i) => raw === two[i]);
  });
}
