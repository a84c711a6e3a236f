/**
 * Migrants on their way while time passes: a sample of a run's own moves, as dots from place to place. Moves are counted
 * by year and group of places; within a group, a dot leaves and reaches places by how many migrants live there.
 */

import { holds } from "./boxes.js";
import { yearOfMonth } from "./decode.js";
import { roundUp } from "./palette.js";

const MOST_A_YEAR = 320; // dots, in the busiest year
const SECONDS = 1.1; // that a dot takes
const KEPT = new WeakMap();

/** How many moves one dot stands for, the same in all worlds that are shown together; 0 where none is counted. */
export function movesADot(worlds) {
  let most = 0;
  for (const { arrays } of worlds) {
    if (!arrays.flows) continue;
    const [years, groups] = arrays.flows.shape;
    for (let year = 0; year < years; year += 1) {
      let sum = 0;
      for (let i = 0; i < groups * groups; i += 1)
        if (Math.floor(i / groups) !== i % groups) sum += arrays.flows.at(year * groups * groups + i);
      most = Math.max(most, sum);
    }
  }
  return most > 0 ? Math.max(1, roundUp(most / MOST_A_YEAR)) : 0;
}

/** Draw who is on the way at a time (months, with fractions); `speed` in months a second. */
export function drawDots(context, map, time, speed, perDot) {
  const { world } = map;
  const span = Math.max(1.5, speed * SECONDS);
  const first = Number(world.start.slice(5, 7)) - 1;
  const years = world.arrays.flows.shape[0];
  const yearAt = (month) => Math.min(years - 1, Math.max(0, Math.floor((month + first) / 12)));
  context.lineWidth = 1.2;
  context.strokeStyle = "#ffffff";
  context.fillStyle = "#b3005e";
  for (let year = yearAt(time - span); year <= yearAt(time); year += 1) {
    const began = 12 * year - first;
    for (const dot of dotsOf(world, year, perDot)) {
      const along = (time - began - dot.start) / span;
      if (along < 0 || along > 1) continue;
      drawDot(context, map, dot, along, (left, top) => isOnMap(map, left, top));
      for (const crowd of map.crowds)
        if (crowd.inside[dot.from] && crowd.inside[dot.to])
          drawDot(context, crowd, dot, along, (left, top) => holds(crowd.box, left, top));
    }
  }
}

/** Whether a point is seen: within the map, and under none of the boxes that lie over it. */
function isOnMap({ width, height, crowds }, left, top) {
  return holds([0, 0, width, height], left, top) && !crowds.some(({ box }) => holds(box, left, top));
}

function drawDot(context, { x, y }, { from, to, size }, along, isSeen) {
  const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
  const length = Math.hypot(dx, dy);
  if (length < 6) return;
  const eased = along * along * (3 - 2 * along);
  // Bent to the right of its way, as the lines of moves are.
  const bend = (Math.min(60, 0.22 * length) * 2 * eased * (1 - eased)) / length;
  const [left, top] = [x[from] + dx * eased - dy * bend, y[from] + dy * eased + dx * bend];
  if (!isSeen(left, top)) return;
  context.globalAlpha = Math.min(1, 6 * along, 6 * (1 - along));
  context.beginPath();
  context.arc(left, top, size, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
}

/** The dots of a year: where from, where to, when in the year (months). The same moves give the same dots. */
function dotsOf(world, year, perDot) {
  if (!KEPT.has(world)) KEPT.set(world, { years: [], perDot });
  const kept = KEPT.get(world);
  if (kept.perDot !== perDot) Object.assign(kept, { years: [], perDot });
  if (!kept.years[year]) kept.years[year] = sampled(world, year, perDot);
  return kept.years[year];
}

function sampled(world, year, perDot) {
  const { flows } = world.arrays;
  const groups = flows.shape[1];
  const members = membersOf(world, year);
  const dots = [];
  for (let from = 0; from < groups; from += 1) {
    for (let to = 0; to < groups; to += 1) {
      if (from === to) continue;
      const number = flows.at((year * groups + from) * groups + to) / perDot;
      const chance = (what, i = 0) => mixed(((year * groups + from) * groups + to) * 64 + 8 * i + what);
      const whole = Math.floor(number + chance(0));
      for (let i = 0; i < whole; i += 1) {
        dots.push({
          from: picked(members[from], chance(1, i)),
          to: picked(members[to], chance(2, i)),
          start: 12 * chance(3, i),
          size: groups > 12 ? 2.6 : 4,
        });
      }
    }
  }
  return dots.filter((dot) => dot.from >= 0 && dot.to >= 0);
}

/** Of each group its places, and how many migrants live in these up to and with each. */
function membersOf(world, year) {
  const { stock, group_of_place: group, flows } = world.arrays;
  const month = yearOfMonth(world).lastIndexOf(year);
  const members = Array.from({ length: flows.shape[1] }, () => ({ places: [], upTo: [], all: 0 }));
  for (let place = 0; place < stock.width; place += 1) {
    const of = members[group.at(place)];
    of.all += stock.at(Math.max(0, month) * stock.width + place);
    of.places.push(place);
    of.upTo.push(of.all);
  }
  return members;
}

function picked({ places, upTo, all }, chance) {
  const wanted = chance * all;
  const found = upTo.findIndex((each) => each > wanted);
  return found >= 0 ? places[found] : -1;
}

/** A number from 0 to 1 that looks like chance, the same for the same key. */
function mixed(key) {
  let bits = Math.imul(key ^ (key >>> 16) ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 4294967296;
}
