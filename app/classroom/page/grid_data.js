/** The numbers of a grid: of each combination of the sliders, what every seed has told. */

import { tr } from "./languages.js";
import { unpacked } from "./unpack.js";

const EQUAL = 1e-6; // differences this small beside the values are rounding: numbers travel in four bytes

/** What a hand-out with sliders holds, opened. */
export async function openGrid(content) {
  return new Grid(content, new Float32Array(await unpacked(content.values)));
}

export class Grid {
  /**
   * @param {Object} content as PROTOCOL.md has it
   * @param {Float32Array} values by point, seed and column
   */
  constructor(content, values) {
    Object.assign(this, content);
    this.numbers = values;
    this.columnOf = new Map(content.columns.map((name, i) => [name, i]));
    this.sizes = content.factors.map(({ values: all }) => all.length);
  }

  /** The number of a combination: the last slider moves fastest. */
  point(at) {
    return at.reduce((number, step, i) => number * this.sizes[i] + step, 0);
  }

  /** Where the sliders stand at a combination. */
  standing(point) {
    const at = [];
    let rest = point;
    for (const size of [...this.sizes].reverse()) {
      at.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return at;
  }

  /** Where the sliders stand for the scenario as it is; in the middle, where it has none of the values. */
  own() {
    return this.factors.map(({ own, values }) => own ?? Math.floor((values.length - 1) / 2));
  }

  has(column) {
    return this.columnOf.has(column);
  }

  /** What each seed has told of a column, NaN where it can't tell. */
  seedsOf(point, column) {
    const at = this.columnOf.get(column);
    const width = this.columns.length;
    return Array.from(
      { length: this.seeds },
      (_, seed) => this.numbers[(point * this.seeds + seed) * width + at],
    );
  }

  /** Mean and band over seeds of a column: `{mean, low, high, n}`. */
  summary(point, column) {
    const known = this.seedsOf(point, column).filter(Number.isFinite);
    known.sort((one, two) => one - two);
    const few = this.seeds < this.few;
    return {
      n: known.length,
      mean: meanOf(known),
      low: few ? known[0] : along(known, 0.05),
      high: few ? known[known.length - 1] : along(known, 0.95),
    };
  }

  /** What a band shows, in words. */
  band() {
    return this.seeds < this.few
      ? tr("lowest to highest of {number} seeds", { number: this.seeds })
      : tr("the middle 90% of {number} seeds", { number: this.seeds });
  }

  /**
   * B less A, seed by seed: the same people and the same luck in both.
   * @returns {{n, first, other, change, low, high, clear, none}} `low`, `high`: the 95% interval of the mean difference;
   *     `clear`: it leaves 0 out; `none`: equal with every seed
   */
  paired(a, b, column) {
    const first = this.seedsOf(a, column);
    const other = this.seedsOf(b, column);
    const both = first
      .map((value, i) => [value, other[i]])
      .filter(([one, two]) => Number.isFinite(one + two));
    const n = both.length;
    const differences = both.map(([one, two]) =>
      Math.abs(two - one) <= EQUAL * Math.max(Math.abs(one), Math.abs(two)) ? 0 : two - one,
    );
    const change = meanOf(differences);
    const spread = Math.sqrt(differences.reduce((sum, each) => sum + (each - change) ** 2, 0) / (n - 1));
    const half = n > 1 ? (this.quantiles[n - 2] * spread) / Math.sqrt(n) : NaN;
    const [low, high] = [change - half, change + half];
    return {
      n,
      first: meanOf(both.map(([one]) => one)),
      other: meanOf(both.map(([, two]) => two)),
      change,
      low,
      high,
      clear: low > 0 || high < 0,
      none: n > 0 && differences.every((each) => each === 0),
    };
  }
}

function meanOf(values) {
  return values.length ? values.reduce((sum, each) => sum + each, 0) / values.length : NaN;
}

/** The value at a share of the way through sorted ones. */
function along(sorted, share) {
  if (!sorted.length) return NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
