/**
 * The outcomes of a whole run in one number each: what predictions are about, and what differs between
 * worlds.
 */

import { listed } from "./format.js";
import { tr } from "./languages.js";
import { seriesOf } from "./series.js";
import { RUNGS, STAGES, term } from "./vocabulary.js";

const SHARE = { unit: "share of needs", same: 0.005 };
const PEOPLE = { unit: "persons", same: 0.01, relative: true };

/**
 * `key`, `unit`, `same`: changes up to this are no change worth a word (`relative`: of the value in A);
 * `value(world)`; in the language that is spoken, `label` (as "the part of needs that cities met") and `short`.
 */
// As the table's measure has it (E3, served of needs): help that nobody claims is counted apart.
const MET = {
  key: "met",
  ...SHARE,
  label: (world) => tr("the part of needs met by {providers}", { providers: listed(claimedFrom(world)) }),
  short: () => tr("needs met"),
  value: (world) => passed(world, "needs", "served"),
};
const OTHERS = [
  {
    key: "aware",
    ...SHARE,
    label: () => tr("the part of people in need who knew of help"),
    short: (world) => term(world, "stage", "aware").label,
    value: (world) => passed(world, "needs", "aware"),
  },
  {
    key: "willing",
    ...SHARE,
    unit: "share of those who knew",
    label: () => tr("of those who knew of help, the part who were willing to ask"),
    short: (world) => term(world, "stage", "willing").label,
    value: (world) => passed(world, "aware", "willing"),
  },
  {
    key: "level",
    unit: "level, 0 to 1",
    same: 0.005,
    label: () => tr("the service level where migrants live, at the end"),
    short: () => tr("service level"),
    value: levelAtEnd,
  },
  {
    key: "uneven",
    unit: "Theil index",
    same: 0.005,
    label: () => tr("how uneven services are between places, at the end"),
    short: () => tr("unevenness"),
    value: (world) => {
      const series = seriesOf(world);
      return series.between[world.months - 1] + series.within[world.months - 1];
    },
  },
  {
    key: "migrants",
    ...PEOPLE,
    label: () => tr("the number of migrants at the end"),
    short: () => tr("migrants"),
    value: (world) => seriesOf(world).migrants[world.months - 1],
  },
  {
    key: "unauthorised",
    ...PEOPLE,
    label: () => tr("the number of unauthorised migrants at the end"),
    short: (world) => term(world, "rung", "unauthorised").label,
    value: (world) => seriesOf(world).rungs[RUNGS.indexOf("unauthorised")][world.months - 1],
  },
];

/** The part of needs that a provider met, or helped with where nobody claims it; `provider` tells it from the others. */
function metBy(provider) {
  const named = (world) => ({ provider: term(world, "provider", provider).many });
  return {
    key: `met_${provider}`,
    provider,
    ...SHARE,
    label: (world) =>
      isClaimed(world, provider)
        ? tr("the part of needs that {provider} met", named(world))
        : tr("the part of needs that {provider} helped with", named(world)),
    short: (world) =>
      isClaimed(world, provider)
        ? tr("met by {provider}", named(world))
        : tr("help from {provider}", named(world)),
    value: (world) => ofNeeds(world, provider),
  };
}

/** Whether a claim is made on a provider, so that what they meet counts among needs met. */
export function isClaimed(world, provider) {
  return !world.unclaimed.includes(provider);
}

/** What all those are called on whom claims are made. */
function claimedFrom(world) {
  const providers = world.providers.slice(0, -1).filter((each) => isClaimed(world, each));
  return providers.map((each) => term(world, "provider", each).many);
}

/** All outcomes that a world has, in order. */
export function outcomesOf(world) {
  return [MET, ...world.providers.slice(0, -1).map(metBy), ...OTHERS];
}

/** An outcome by its key. */
export function outcome(key) {
  if (String(key).startsWith("met_")) return metBy(key.slice("met_".length));
  return [MET, ...OTHERS].find((each) => each.key === key) || null;
}

/** "up", "down" or "same": how an outcome goes from one value to another. */
export function direction(of, before, after) {
  const bound = of.relative ? of.same * Math.max(1, Math.abs(before)) : of.same;
  if (!Number.isFinite(before) || !Number.isFinite(after) || Math.abs(after - before) <= bound) return "same";
  return after > before ? "up" : "down";
}

function total(world, name, column) {
  const packed = world.arrays[name];
  let sum = 0;
  for (let i = column; i < packed.raw.length; i += packed.width) sum += packed.at(i);
  return sum;
}

/** Of the needs that reached one stage, the part that reached another. */
function passed(world, from, to) {
  return total(world, "cascade", STAGES.indexOf(to)) / total(world, "cascade", STAGES.indexOf(from));
}

function ofNeeds(world, provider) {
  let all = 0;
  for (let each = 0; each < world.arrays.who.width; each += 1) all += total(world, "who", each);
  return total(world, "who", world.providers.indexOf(provider)) / all;
}

function levelAtEnd(world) {
  const { level, stock } = world.arrays;
  const places = stock.width;
  const lastYear = (level.shape[0] - 1) * places;
  const lastMonth = (world.months - 1) * places;
  let sum = 0;
  let people = 0;
  for (let place = 0; place < places; place += 1) {
    const value = level.at(lastYear + place);
    if (!Number.isFinite(value)) continue;
    sum += value * stock.at(lastMonth + place);
    people += stock.at(lastMonth + place);
  }
  return people > 0 ? sum / people : NaN;
}
