// The pictures of class mode: what was predicted, what came out, and the interval of the mean, on one scale.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const SIDE = 30;

function drawn(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** A scale that holds all values and zero, and its ticks. */
export function scaleFor(values) {
  let low = Math.min(0, ...values);
  let high = Math.max(0, ...values);
  if (low === high) {
    [low, high] = [-1, 1];
  }
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  low = Math.floor(low / step - 0.2) * step;
  high = Math.ceil(high / step + 0.2) * step;
  const ticks = [];
  for (let i = Math.round(low / step); i <= Math.round(high / step); i += 1) {
    ticks.push(i * step);
  }
  return { low, high, step, ticks, x: (value) => SIDE + ((value - low) / (high - low)) * (WIDTH - 2 * SIDE) };
}

/** Dots heaped up over a scale, each as near to its value as there is room. */
function heap(values, scale, radius) {
  const columns = new Map();
  return values.map((value) => {
    // Counted from zero, which is the middle of a column.
    const column = Math.round((scale.x(value) - scale.x(0)) / (2 * radius));
    const height = columns.get(column) ?? 0;
    columns.set(column, height + 1);
    return { x: scale.x(0) + column * 2 * radius, height };
  });
}

/**
 * A picture of values on a scale: a dot each; if `pooled` has an interval, its band and mean.
 * `say` writes a number, `label` says what the axis is, `colour` is the dots'.
 */
export function dots(values, scale, { colour, label, say, description, pooled, hollow }) {
  const radius = values.length > 150 ? 6 : values.length > 60 ? 10 : 14;
  const places = heap(values, scale, radius);
  const rows = Math.max(3, ...places.map((place) => place.height + 1));
  const base = 20 + rows * 2 * radius;
  const height = base + 62;
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": description });
  if (pooled && pooled.low !== null) {
    const left = scale.x(pooled.low);
    svg.append(
      drawn("rect", {
        x: left,
        y: 6,
        width: Math.max(2, scale.x(pooled.high) - left),
        height: base - 6,
        fill: "#e3d8ee",
      }),
    );
  }
  svg.append(
    drawn("line", { x1: SIDE, x2: WIDTH - SIDE, y1: base, y2: base, stroke: "#1b1b1b", "stroke-width": 2 }),
  );
  for (const tick of scale.ticks) {
    const x = scale.x(tick);
    svg.append(drawn("line", { x1: x, x2: x, y1: base, y2: base + 7, stroke: "#1b1b1b", "stroke-width": 2 }));
    const often = Math.round(tick / scale.step) % 2 ? "tick odd" : "tick"; // where there is room for half of them
    svg.append(drawn("text", { x, y: base + 27, "text-anchor": "middle", class: often }, say(tick)));
  }
  const zero = scale.x(0);
  svg.append(
    drawn("line", {
      x1: zero,
      x2: zero,
      y1: 6,
      y2: base,
      stroke: "#595959",
      "stroke-width": 2,
      "stroke-dasharray": "6 5",
    }),
  );
  places.forEach((place) =>
    svg.append(
      drawn("circle", {
        cx: place.x,
        cy: base - radius - place.height * 2 * radius,
        r: radius - 1,
        fill: hollow ? "#ffffff" : colour,
        stroke: colour,
        "stroke-width": 3,
      }),
    ),
  );
  if (pooled && pooled.mean !== null) {
    const x = scale.x(pooled.mean);
    svg.append(drawn("line", { x1: x, x2: x, y1: 2, y2: base, stroke: "#1b1b1b", "stroke-width": 4 }));
  }
  svg.append(drawn("text", { x: WIDTH / 2, y: base + 52, "text-anchor": "middle", class: "axis" }, label));
  return svg;
}
