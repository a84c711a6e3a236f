/** The outcomes of a whole run in one number each: what predictions are about, and what differs between worlds. */

import { seriesOf } from "./series.js";

/**
 * `key`, `label` (as "the share of needs that cities met"), `short`, `unit`, `same`: changes up to this are no change
 * worth a word (`relative`: of the value in A), `value(world)`.
 */
export const OUTCOMES = [
  {
    key: "met",
    label: "the part of needs that anybody met",
    short: "needs met",
    unit: "share of needs",
    same: 0.005,
    value: (world) => 1 - ofNeeds(world, "who", 3),
  },
  {
    key: "met_city",
    label: "the part of needs that cities met",
    short: "met by cities",
    unit: "share of needs",
    same: 0.005,
    value: (world) => ofNeeds(world, "who", 0),
  },
  {
    key: "met_ngo",
    label: "the part of needs that NGOs met",
    short: "met by NGOs",
    unit: "share of needs",
    same: 0.005,
    value: (world) => ofNeeds(world, "who", 1),
  },
  {
    key: "met_nation",
    label: "the part of needs that the state met",
    short: "met by the state",
    unit: "share of needs",
    same: 0.005,
    value: (world) => ofNeeds(world, "who", 2),
  },
  {
    key: "aware",
    label: "the part of people in need who knew of help",
    short: "knew of help",
    unit: "share of needs",
    same: 0.005,
    value: (world) => total(world, "cascade", 1) / total(world, "cascade", 0),
  },
  {
    key: "willing",
    label: "of those who knew of help, the part who dared to ask",
    short: "dared to ask",
    unit: "share of those who knew",
    same: 0.005,
    value: (world) => total(world, "cascade", 2) / total(world, "cascade", 1),
  },
  {
    key: "level",
    label: "the service level where migrants live, at the end",
    short: "service level",
    unit: "level, 0 to 1",
    same: 0.005,
    value: levelAtEnd,
  },
  {
    key: "uneven",
    label: "how uneven services are between places, at the end",
    short: "unevenness",
    unit: "Theil index",
    same: 0.005,
    value: (world) => {
      const series = seriesOf(world);
      return series.between[world.months - 1] + series.within[world.months - 1];
    },
  },
  {
    key: "migrants",
    label: "the number of migrants at the end",
    short: "migrants",
    unit: "persons",
    same: 0.01,
    relative: true,
    value: (world) => seriesOf(world).migrants[world.months - 1],
  },
  {
    key: "unauthorised",
    label: "the number of people without papers at the end",
    short: "without papers",
    unit: "persons",
    same: 0.01,
    relative: true,
    value: (world) => seriesOf(world).rungs[3][world.months - 1],
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

function ofNeeds(world, name, column) {
  let all = 0;
  for (let each = 0; each < 4; each += 1) all += total(world, name, each);
  return total(world, name, column) / all;
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
