/**
 * Where places lie on the map: fitted to a box, far-off islands in an inset, those that crowd larger in another; and
 * which place is at a point.
 */

import { crowdBox, islandBox, named } from "./boxes.js";

const RADIANS = Math.PI / 180;
const MOST_APART = 0.1; // where more of the places lie is no appendix
const LEAST_GAP = 0.1; // of the map's height or width, empty between them and the others
const LEAST_GAIN = 1.25; // how much larger the others must become

/**
 * Positions of places in units of latitude degrees, and which of them are better drawn apart: 0 on the map, else the
 * number of their box.
 * @param {Object} places as they travel
 * @returns {{east: Float64Array, north: Float64Array, apart: Uint8Array, land: Object[], boxes: number[][],
 *     boxNames: string[], crowds: Object[]}} `land`: of each outline its points and where it belongs; `boxes`: west, south,
 *     east, north of each box that is given; `crowds`: the name and the bounds of where places crowd, and which lie there
 */
export function layOut(places) {
  const size = places.name.length;
  const north = Float64Array.from(places.latitude);
  const middle = north.reduce((sum, each) => sum + each, 0) / Math.max(1, size);
  const squeeze = Math.cos(middle * RADIANS);
  const east = Float64Array.from(places.longitude, (each) => each * squeeze);
  const squeezed = (box) => box.map((each, i) => (i % 2 ? each : each * squeeze));
  const boxes = (places.islands || []).map(({ box }) => squeezed(box));
  const boxOfPoint = (x, y) =>
    1 + boxes.findIndex(([west, south, e, n]) => x >= west && x <= e && y >= south && y <= n);
  const land = (places.land || []).map((flat) => {
    const points = Float64Array.from(flat, (each, i) => (i % 2 ? each : each * squeeze));
    return { points, apart: boxOfPoint(points[0], points[1]) };
  });
  const apart = land.length
    ? Uint8Array.from(east, (x, i) => boxOfPoint(x, north[i]))
    : farOff(east, north, size);
  const crowds = (places.crowds || []).map(({ name, box }) => {
    const [west, south, e, n] = squeezed(box);
    const inside = Uint8Array.from(east, (x, i) => x >= west && x <= e && north[i] >= south && north[i] <= n);
    return { name, bounds: [west, south, e, n], inside };
  });
  const boxNames = (places.islands || []).map(({ name }) => name);
  return { east, north, apart, land, boxes, boxNames, crowds };
}

/** Places beyond a wide empty strip, few of them, without which the rest can be drawn much larger. */
function farOff(east, north, size) {
  let best = LEAST_GAIN;
  let chosen = new Uint8Array(size);
  const whole = boxOf(east, north, null);
  for (const along of [north, east]) {
    const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => along[a] - along[b]);
    const span = size ? along[order[size - 1]] - along[order[0]] : 0;
    for (let cut = 1; cut < size; cut += 1) {
      if (along[order[cut]] - along[order[cut - 1]] <= LEAST_GAP * span) continue;
      for (const group of [order.slice(0, cut), order.slice(cut)]) {
        if (group.length > MOST_APART * size) continue;
        const apart = new Uint8Array(size);
        for (const place of group) apart[place] = 1;
        const gain = extent(whole) / Math.max(1e-9, extent(boxOf(east, north, apart)));
        if (gain >= best) {
          best = gain;
          chosen = apart;
        }
      }
    }
  }
  return chosen;
}

function boxOf(east, north, apart, kind = 0) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < east.length; i += 1) {
    if (apart && apart[i] !== kind) continue;
    box[0] = Math.min(box[0], east[i]);
    box[1] = Math.min(box[1], north[i]);
    box[2] = Math.max(box[2], east[i]);
    box[3] = Math.max(box[3], north[i]);
  }
  return box;
}

function extent(box) {
  return Math.max(box[2] - box[0], box[3] - box[1]);
}

/**
 * Places in pixels of a box.
 * @param {Object} layout of `layOut`
 * @param {number} width
 * @param {number} height
 * @param {number} margin pixels kept free at the edges
 * @param {{k: number, x: number, y: number}} zoom factor, and the shift in pixels
 * @param {number[][]} taken where no box may stand, in pixels
 * @returns {{x: Float32Array, y: Float32Array, insets: number[][], fits: Object[], crowds: Object[]}} insets: boxes in
 *     pixels; fits: of the map and of each box, how a point comes to its pixels (`across`, `down`); crowds: of each of the
 *     larger boxes its `name`, its `box` and the `frame` of what it shows, in pixels, which places are `inside`, their
 *     places there, `x` and `y`, and its `fit`. On a map that is drawn closer there are no boxes of either kind
 */
export function project(layout, width, height, margin, zoom, taken = []) {
  const { east, north, apart } = layout;
  const size = east.length;
  const x = new Float32Array(size);
  const y = new Float32Array(size);
  const fits = [fit(boundsOf(layout, 0), [margin, margin, width - margin, height - margin])];
  const put = (kind) => {
    for (let i = 0; i < size; i += 1) {
      if (apart[i] !== kind) continue;
      x[i] = fits[kind].across(east[i]);
      y[i] = fits[kind].down(north[i]);
    }
  };
  const plain = fits[0];
  fits[0] = {
    across: (each) => width / 2 + (plain.across(each) - width / 2) * zoom.k + zoom.x,
    down: (each) => height / 2 + (plain.down(each) - height / 2) * zoom.k + zoom.y,
  };
  put(0);
  const insets = [];
  const last = Math.max(0, ...apart);
  for (let kind = 1; kind <= last; kind += 1) {
    if (zoom.k > 1) {
      // A map that is drawn closer has no room for boxes: what they hold lies where it is.
      fits.push(fits[0]);
      put(kind);
      continue;
    }
    const box = islandBox(layout, boundsOf(layout, kind), [width, height], x, y, [...taken, ...insets]);
    const pad = layout.boxes.length ? 2 : 10;
    fits.push(fit(boundsOf(layout, kind), [box[0] + pad, box[1] + pad, box[2] - pad, box[3] - pad]));
    put(kind);
    insets.push(box);
  }
  const withNames = insets.map((box, i) => named(box, layout.boxNames[i] || "", width));
  const crowds =
    zoom.k === 1 ? crowdsOf(layout, fits[0], [width, height], x, y, [...taken, ...withNames]) : [];
  return { x, y, insets, fits, crowds };
}

/** How close the map is to be drawn, and where, for bounds (west, south, east, north, as of `crowds`) to fill it. */
export function zoomOn(layout, width, height, margin, [west, south, east, north], most) {
  const { across, down } = fit(boundsOf(layout, 0), [margin, margin, width - margin, height - margin]);
  const [left, right, top, bottom] = [across(west), across(east), down(north), down(south)];
  const k = Math.min(most, width / (right - left), height / (bottom - top));
  return { k, x: (width / 2 - (left + right) / 2) * k, y: (height / 2 - (top + bottom) / 2) * k };
}

function crowdsOf({ east, north, crowds }, map, size, x, y, taken) {
  const found = [];
  for (const { name, bounds, inside } of crowds) {
    const frame = [map.across(bounds[0]), map.down(bounds[3]), map.across(bounds[2]), map.down(bounds[1])];
    const box = crowdBox([(frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2], size, x, y, taken);
    if (!box || box[2] - box[0] < 1.2 * (frame[2] - frame[0])) continue;
    const own = fit(bounds, box);
    found.push({ name, box, frame, inside, fit: own, x: east.map(own.across), y: north.map(own.down) });
    taken.push(box);
  }
  return found;
}

/** What a kind has to hold: its box, or its places and the land about them. */
function boundsOf({ east, north, apart, land, boxes }, kind) {
  if (kind && boxes.length) return boxes[kind - 1];
  const bounds = boxOf(east, north, apart, kind);
  for (const each of land) {
    if (each.apart !== kind) continue;
    for (let i = 0; i < each.points.length; i += 2) {
      bounds[0] = Math.min(bounds[0], each.points[i]);
      bounds[1] = Math.min(bounds[1], each.points[i + 1]);
      bounds[2] = Math.max(bounds[2], each.points[i]);
      bounds[3] = Math.max(bounds[3], each.points[i + 1]);
    }
  }
  return bounds;
}

/** How bounds fill a box of pixels, as large as they fit. */
function fit(bounds, box) {
  const [wide, tall] = [bounds[2] - bounds[0], bounds[3] - bounds[1]];
  const scale = Math.min(
    (box[2] - box[0]) / Math.max(wide, 1e-6),
    (box[3] - box[1]) / Math.max(tall, 1e-6),
    4000,
  );
  const left = (box[0] + box[2] - wide * scale) / 2;
  const top = (box[1] + box[3] - tall * scale) / 2;
  return {
    across: (east) => left + (east - bounds[0]) * scale,
    down: (north) => top + (bounds[3] - north) * scale,
  };
}

/** Which places lie near a point: a grid of cells over the map. */
export class Nearby {
  /** `inside`: 1 for each place that counts; all if left out. */
  constructor(x, y, inside = null, cell = 32) {
    this.x = x;
    this.y = y;
    this.cell = cell;
    this.cells = new Map();
    for (let i = 0; i < x.length; i += 1) {
      if (inside && !inside[i]) continue;
      const key = this.key(Math.floor(x[i] / cell), Math.floor(y[i] / cell));
      if (this.cells.has(key)) this.cells.get(key).push(i);
      else this.cells.set(key, [i]);
    }
  }

  key(column, row) {
    return column * 65536 + row;
  }

  /**
   * The place at a point: of those whose circle covers it the smallest, else the nearest within `reach`
   * pixels.
   */
  at(px, py, radius, reach) {
    let best = -1;
    let least = Infinity;
    const far = Math.ceil(Math.max(reach, this.largest || 0) / this.cell);
    const [column, row] = [Math.floor(px / this.cell), Math.floor(py / this.cell)];
    for (let c = column - far; c <= column + far; c += 1) {
      for (let r = row - far; r <= row + far; r += 1) {
        for (const place of this.cells.get(this.key(c, r)) || []) {
          const distance = Math.hypot(this.x[place] - px, this.y[place] - py);
          const covers = distance <= radius[place];
          if (!covers && distance > reach) continue;
          const cost = covers ? radius[place] : 1000 + distance;
          if (cost < least) {
            least = cost;
            best = place;
          }
        }
      }
    }
    return best;
  }

  /** The nearest place in a direction ("left", "right", "up", "down"), or -1. */
  toward(from, way) {
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < this.x.length; i += 1) {
      if (i === from) continue;
      const dx = this.x[i] - this.x[from];
      const dy = this.y[i] - this.y[from];
      const along = way === "left" ? -dx : way === "right" ? dx : way === "up" ? -dy : dy;
      const across = way === "left" || way === "right" ? Math.abs(dy) : Math.abs(dx);
      if (along <= 0 || across > 2 * along) continue;
      const cost = along + 2 * across;
      if (cost < least) {
        least = cost;
        best = i;
      }
    }
    return best;
  }
}
