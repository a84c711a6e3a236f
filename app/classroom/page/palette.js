/** Colours of the map: even steps of lightness, told apart by the colour-blind. */

export const STEPS = 48;

// Light to dark: more is darker. The first is kept away from the paper's white.
const RAMPS = {
  sequential: ["#f3e79b", "#b7d67a", "#6fc07f", "#2fa58c", "#20808d", "#2a5b86", "#33346b", "#2a1545"],
  warning: ["#fbe3a8", "#f7bd6f", "#ef9352", "#de6747", "#bb4145", "#8c2a4b", "#591b43", "#2d1231"],
  // Of a difference: less in B (blue, as world A), none (pale), more in B (orange, as world B).
  difference: [
    "#00406b",
    "#0b6ba8",
    "#5b9fcc",
    "#aecbe0",
    "#efeee9",
    "#f2c6a0",
    "#de8c4d",
    "#b9561a",
    "#6e2c00",
  ],
};

/** The colours of a palette, from least to most: STEPS of them, as "#rrggbb". */
export function colours(palette) {
  const stops = RAMPS[palette] || RAMPS.sequential;
  return Array.from({ length: STEPS }, (_, i) => {
    const along = (i / (STEPS - 1)) * (stops.length - 1);
    const at = Math.min(stops.length - 2, Math.floor(along));
    return mixed(stops[at], stops[at + 1], along - at);
  });
}

function mixed(one, two, share) {
  const channel = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  const mix = [1, 3, 5].map((at) => Math.round(channel(one, at) * (1 - share) + channel(two, at) * share));
  return `#${mix.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * How values become colours: `step(value)` is the number of a colour, or -1 where there is no value.
 * @param {Object} measure of the world's header
 * @param {number} low
 * @param {number} high
 * @param {boolean} [difference]
 */
export function colourScale(measure, low, high, difference = false) {
  const palette = difference ? "difference" : measure.palette;
  const span = high > low ? high - low : 1;
  return {
    low,
    high,
    palette,
    unit: measure.unit,
    colours: colours(palette),
    step(value) {
      if (!(value === value)) return -1;
      const step = Math.round(((value - low) / span) * (STEPS - 1));
      return step < 0 ? 0 : step >= STEPS ? STEPS - 1 : step;
    },
  };
}

/** A round number at or above a value: 1, 2, 2.5 or 5 times a power of ten. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value * 0.9999);
  return step * power;
}
