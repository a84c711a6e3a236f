/**
 * Moves between groups of places, as curved lines: their width is by number, and they thin out to where they
 * lead.
 */

const MOST = 40; // lines; the largest
const KEPT = new WeakMap();

/** Draw the moves of a year onto a map. */
export function drawFlows(context, map, year) {
  const lines = largest(map.world, year);
  if (!lines.length) return;
  const centres = centresOf(map);
  const most = mostOf(map.world);
  context.fillStyle = centres.x.length > 12 ? "rgba(24, 30, 36, 0.32)" : "rgba(24, 30, 36, 0.55)";
  context.beginPath();
  for (const { from, to, number } of lines) {
    line(context, centres, from, to, number, most);
  }
  context.fill();
}

/** A tapering arc, bent to the right of its way so that the two ways of a pair lie apart. */
function line(context, centres, from, to, number, most) {
  const away = Math.hypot(centres.x[to] - centres.x[from], centres.y[to] - centres.y[from]);
  if (away < 4) return;
  // From edge to edge of the circles, where groups are places.
  const [leave, reach] = [
    Math.min(0.4, centres.edge(from) / away),
    1 - Math.min(0.4, centres.edge(to) / away),
  ];
  const along = (share, axis) => centres[axis][from] + share * (centres[axis][to] - centres[axis][from]);
  const [x1, y1, x2, y2] = [along(leave, "x"), along(leave, "y"), along(reach, "x"), along(reach, "y")];
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = Math.hypot(dx, dy);
  const half = Math.max(0.6, 7 * Math.sqrt(number / most));
  const bend = Math.min(60, 0.22 * length);
  const [nx, ny] = [-dy / length, dx / length];
  const [mx, my] = [(x1 + x2) / 2 + nx * bend, (y1 + y2) / 2 + ny * bend];
  context.moveTo(x1 + nx * half, y1 + ny * half);
  context.quadraticCurveTo(mx + nx * half * 0.6, my + ny * half * 0.6, x2, y2);
  context.quadraticCurveTo(mx - nx * half * 0.6, my - ny * half * 0.6, x1 - nx * half, y1 - ny * half);
  context.closePath();
}

function largest(world, year) {
  const kept = keptOf(world);
  if (!kept.lines[year]) {
    const { flows } = world.arrays;
    const groups = flows.shape[1];
    const all = [];
    for (let from = 0; from < groups; from += 1) {
      for (let to = 0; to < groups; to += 1) {
        const number = flows.at((year * groups + from) * groups + to);
        if (from !== to && number > 0) all.push({ from, to, number });
      }
    }
    kept.lines[year] = all.sort((a, b) => b.number - a.number).slice(0, MOST);
  }
  return kept.lines[year];
}

function mostOf(world) {
  const kept = keptOf(world);
  if (!kept.most) {
    const { flows } = world.arrays;
    const groups = flows.shape[1];
    for (let i = 0; i < flows.raw.length; i += 1) {
      if (Math.floor(i / groups) % groups !== i % groups) kept.most = Math.max(kept.most, flows.at(i));
    }
  }
  return kept.most || 1;
}

function keptOf(world) {
  if (!KEPT.has(world)) KEPT.set(world, { lines: [], most: 0 });
  return KEPT.get(world);
}

/** The middle of each group, weighted by population, in pixels of the map. */
function centresOf(map) {
  if (map.centres && map.centres.of === map.x) return map.centres;
  const group = map.world.arrays.group_of_place.raw;
  const groups = map.world.arrays.flows.shape[1];
  const [x, y, weight] = [new Float64Array(groups), new Float64Array(groups), new Float64Array(groups)];
  for (let place = 0; place < map.x.length; place += 1) {
    const people = map.places.population[place] || 1;
    x[group[place]] += map.x[place] * people;
    y[group[place]] += map.y[place] * people;
    weight[group[place]] += people;
  }
  for (let i = 0; i < groups; i += 1) {
    x[i] /= weight[i];
    y[i] /= weight[i];
  }
  const edge = groups === map.x.length ? (place) => map.radius[place] * 0.97 : () => 0;
  map.centres = { x, y, edge, of: map.x };
  return map.centres;
}
