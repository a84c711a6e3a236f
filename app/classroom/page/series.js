/** What the charts show, computed from a world once and kept with it. */

import { yearOfMonth } from "./decode.js";
import { RUNGS, statusesOf } from "./vocabulary.js";

const KEPT = new WeakMap();
const MOST_COUNTED = 2; // statuses whose counts have room beside the others
export const SPAN = 12; // months over which a rate is summed; the first have none: they hold quick successes alone

/** The series of a world: typed arrays, by month unless said otherwise. */
export function seriesOf(world) {
  if (!KEPT.has(world)) KEPT.set(world, made(world));
  return KEPT.get(world);
}

function made(world) {
  const { cascade, who, stock_status: status } = world.arrays;
  const years = yearOfMonth(world);
  return {
    years,
    cascade: running(cascade, world.months), // [stage][month], summed from the first month to it, as headlines are
    who: shares(running(who, world.months, SPAN)), // [provider][month], shares of needs in the twelve months to it
    rungs: RUNGS.map((rung) => summed(status, world, statusesOf(world, rung))),
    between: byMonth(world.arrays.theil_between, years),
    within: byMonth(world.arrays.theil_within, years),
    migrants: summed(status, world, world.statuses),
    counted: countedIn(world).map((name) => summed(status, world, [name])), // [status][month], as simulated
  };
}

/** The formal statuses that were counted in the real country too: those with most counts, in their order. */
export function countedIn(world) {
  const counts = new Map();
  for (const { status } of world.counted || []) counts.set(status, (counts.get(status) || 0) + 1);
  const most = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
  return world.statuses.filter((status) => most.slice(0, MOST_COUNTED).includes(status));
}

/** Sums over the `span` months to each month (from the first month on if left out), of each column. */
function running(packed, months, span = months) {
  const columns = packed.width;
  return Array.from({ length: columns }, (_, column) => {
    const sums = new Float64Array(months);
    let sum = 0;
    for (let month = 0; month < months; month += 1) {
      sum += packed.at(month * columns + column);
      if (month >= span) sum -= packed.at((month - span) * columns + column);
      sums[month] = sum;
    }
    return sums;
  });
}

function shares(columns) {
  const months = columns[0].length;
  const all = new Float64Array(months);
  for (const column of columns) for (let month = 0; month < months; month += 1) all[month] += column[month];
  const full = months > SPAN ? SPAN - 1 : 0;
  return columns.map((column) =>
    column.map((value, month) => (month >= full && all[month] > 0 ? value / all[month] : NaN)),
  );
}

function summed(status, world, names) {
  const columns = names.map((name) => world.statuses.indexOf(name));
  const all = new Float64Array(world.months);
  for (let month = 0; month < world.months; month += 1) {
    for (const column of columns) all[month] += status.at(month * world.statuses.length + column);
  }
  return all;
}

function byMonth(packed, years) {
  return Float64Array.from(years, (year) => packed.at(year));
}
