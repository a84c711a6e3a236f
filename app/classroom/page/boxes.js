/** Boxes beside a map: where islands far off stand, and, larger, the places that crowd. */

const CROWD_WIDE = 0.26; // side of the square box for where places crowd: no more of the map's width,
const CROWD_TALL = 0.4; // nor of its height
const LEAST_CROWD = 48; // pixels; a smaller box shows nothing larger
const MOST_HIDDEN = 0.03; // of all places; a box for where places crowd that hides more is left out
const STEPS = 24; // places tried for a box, across and down
const EDGE = 8;

const NAME = 16; // room for a box's name above it
const LETTER = 7; // about the width of a letter of it

/** The corner with fewest other places, and no other box. */
export function islandBox({ apart, boxes }, bounds, [width, height], x, y, taken) {
  let [w, h] = [Math.min(150, width * 0.24), Math.min(110, height * 0.22)];
  if (boxes.length) {
    // A window keeps its proportions; one of a few islets is small.
    const [wide, tall] = [bounds[2] - bounds[0], bounds[3] - bounds[1]];
    const scale = Math.min(w / wide, h / tall) * (wide < 2 ? 0.6 : 1);
    [w, h] = [wide * scale, tall * scale];
  }
  const all = [
    [EDGE, EDGE],
    [width - w - EDGE, height - h - EDGE],
    [EDGE, height - h - EDGE],
    [width - w - EDGE, EDGE],
  ].map(([left, top]) => [left, top, left + w, top + h]);
  const free = all.filter((box) => taken.every((other) => clear(box, other)));
  const corners = free.length ? free : all;
  const covered = corners.map((box) => hidden(box, x, y, (place) => !apart[place]));
  return corners[covered.indexOf(Math.min(...covered))];
}

/**
 * The box for where places crowd, with its name above it: where it hides fewest places, as near to what it shows and to
 * a side as may be; null where there is no room.
 */
export function crowdBox(middle, [width, height], x, y, taken) {
  const side = Math.floor(Math.min(CROWD_WIDE * width, CROWD_TALL * height));
  if (side < LEAST_CROWD) return null;
  let best = null;
  let least = Infinity;
  for (let i = 0; i <= STEPS; i += 1) {
    for (let j = 0; j <= STEPS; j += 1) {
      // Whole pixels: what is drawn in it is cut at its edges many times quicker.
      const left = Math.round(EDGE + ((width - side - 2 * EDGE) * i) / STEPS);
      const top = Math.round(EDGE + NAME + ((height - side - NAME - 2 * EDGE) * j) / STEPS);
      const box = [left, top, left + side, top + side];
      const named = [left, top - NAME, left + side, top + side];
      if (!taken.every((other) => clear(named, other))) continue;
      const aside = Math.min(i, STEPS - i) + Math.min(j, STEPS - j);
      const away = Math.hypot(left + side / 2 - middle[0], top + side / 2 - middle[1]);
      const cost = hidden(named, x, y) + (0.3 * aside) / STEPS + (0.3 * away) / (width + height);
      if (cost < least) {
        least = cost;
        best = box;
      }
    }
  }
  return least > MOST_HIDDEN * x.length ? null : best;
}

/** A box with its name, about as wide as that is, on the side where it stands. */
export function named([left, top, right, bottom], name, width) {
  const wide = LETTER * name.length;
  return left < width / 2
    ? [left, top, Math.max(right, left + wide), bottom]
    : [Math.min(left, right - wide), top, right, bottom];
}

/** Whether a point lies in a box. */
export function holds([left, top, right, bottom], x, y) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** Whether two boxes keep clear of each other, with room for a name. */
function clear(one, other) {
  return (
    one[0] > other[2] + EDGE ||
    one[2] + EDGE < other[0] ||
    one[1] > other[3] + NAME + EDGE ||
    one[3] + NAME + EDGE < other[1]
  );
}

/** How many places a box stands on, with a little room about it. */
function hidden([left, top, right, bottom], x, y, counts = () => true) {
  let number = 0;
  for (let i = 0; i < x.length; i += 1) {
    if (x[i] > left - 6 && x[i] < right + 6 && y[i] > top - 6 && y[i] < bottom + 6 && counts(i)) number += 1;
  }
  return number;
}
