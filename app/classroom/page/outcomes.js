/** The outcomes of a whole run in one number each: what predictions are about, and what differs between worlds. */

import { seriesOf } from "./series.js";
import { term } from "./vocabulary.js";

const SHARE = { unit: "share of needs", same: 0.005 };
const PEOPLE = { unit: "persons", same: 0.01, relative: true };

/**
 * `key`, `unit`, `same`: changes up to this are no change worth a word (`relative`: of the value in A);
 * `value(world)`; in the words of a world's vocabulary, `label` (as "the part of needs that cities met") and `short`.
 */
export const OUTCOMES = [
  {
    key: "met",
    ...SHARE,
    label: () => "the part of needs that anybody met",
    short: () => "needs met",
    value: (world) => 1 - ofNeeds(world, 3),
  },
  ...["city", "ngo", "nation"].map((provider, column) => ({
    key: `met_${provider}`,
    provider,
    ...SHARE,
    label: (world) => `the part of needs that ${term(world, provider).words} met`,
    short: (world) => `met by ${term(world, provider).words}`,
    value: (world) => ofNeeds(world, column),
  })),
  ...["aware", "willing"].map((stage, i) => ({
    key: stage,
    ...SHARE,
    unit: i ? "share of those who knew" : "share of needs",
    label: (world) => `the part of ${["people in need", "those who knew of help"][i]} who ${term(world, stage).words}`,
    short: (world) => term(world, stage).words,
    value: (world) => total(world, "cascade", i + 1) / total(world, "cascade", i),
  })),
  {
    key: "level",
    unit: "level, 0 to 1",
    same: 0.005,
    label: () => "the service level where migrants live, at the end",
    short: () => "service level",
    value: levelAtEnd,
  },
  {
    key: "uneven",
    unit: "Theil index",
    same: 0.005,
    label: () => "how uneven services are between places, at the end",
    short: () => "unevenness",
    value: (world) => {
      const series = seriesOf(world);
      return series.between[world.months - 1] + series.within[world.months - 1];
    },
  },
  {
    key: "migrants",
    ...PEOPLE,
    label: () => "the number of migrants at the end",
    short: () => "migrants",
    value: (world) => seriesOf(world).migrants[world.months - 1],
  },
  {
    key: "unauthorised",
    ...PEOPLE,
    label: (world) => `the number of ${term(world, "unauthorised").words} migrants at the end`,
    short: (world) => term(world, "unauthorised").words,
    value: (world) => seriesOf(world).rungs[world.vocabulary.rungs.indexOf("unauthorised")][world.months - 1],
  },
];

/** An outcome by its key. */
export function outcome(key) {
  return OUTCOMES.find((each) => each.key === key) || null;
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

function ofNeeds(world, column) {
  let all = 0;
  for (let each = 0; each < world.arrays.who.width; each += 1) all += total(world, "who", each);
  return total(world, "who", column) / all;
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
