/** The same worlds under further seeds, so that a sentence may say more or fewer: what is decided, by their means. */

import { decodeWorld } from "./decode.js";
import { outcomesOf } from "./outcomes.js";

export const SEEDS = 5;
const QUANTILE = 2.776; // of Student's t with 4 degrees of freedom, for an interval of 95%

/** @param {{run}} home @param {{changed(), failed(error)}} tell */
export class FurtherSeeds {
  constructor(home, tell) {
    this.home = home;
    this.tell = tell;
    this.key = "";
    this.kept = []; // {a, b}: outcomes by key, one a seed
    this.stop = null;
  }

  /** What was found of these requests, one a seed; null if they were not asked for, or not yet all there. */
  known(requests) {
    return this.key === keyOf(requests) && this.kept.length === SEEDS ? this.kept : null;
  }

  /** How many seeds of these requests are done, or null if none is under way. */
  done(requests) {
    return this.stop && this.key === keyOf(requests) ? this.kept.length : null;
  }

  /** Run both worlds (b may be null) under the seed they have, and those that follow it. */
  async ask(requests) {
    if (this.stop) this.stop.abort();
    const stop = new AbortController();
    Object.assign(this, { key: keyOf(requests), kept: [], stop });
    try {
      for (let step = 0; step < SEEDS; step += 1) {
        this.tell.changed();
        const values = { a: null, b: null };
        for (const name of ["a", "b"]) {
          if (!requests[name]) continue;
          const seed = String(BigInt(requests[name].seed || "1") + BigInt(step));
          const asked = { ...requests[name], seed, lane: "seeds" };
          const block = await this.home.run(asked, () => {}, stop.signal);
          const world = decodeWorld(block);
          values[name] = Object.fromEntries(outcomesOf(world).map((of) => [of.key, of.value(world)]));
        }
        if (stop.signal.aborted) return;
        this.kept.push(values);
      }
    } catch (error) {
      if (!stop.signal.aborted) this.tell.failed(error);
    } finally {
      if (this.stop === stop) {
        this.stop = null;
        this.tell.changed();
      }
    }
  }
}

/**
 * The mean difference of B less A over seeds, its 95% interval, and whether that leaves 0 out.
 * @returns {{mean: number, low: number, high: number, decided: boolean}|null} null without all seeds
 */
export function decide(seeds, key) {
  if (!seeds) return null;
  const by = seeds.map(({ a, b }) => (a && b ? b[key] - a[key] : NaN));
  if (by.length < SEEDS || by.some((each) => !Number.isFinite(each))) return null;
  const mean = by.reduce((sum, each) => sum + each, 0) / by.length;
  const spread = Math.sqrt(by.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (by.length - 1));
  const half = (QUANTILE * spread) / Math.sqrt(by.length);
  return { mean, low: mean - half, high: mean + half, decided: Math.abs(mean) > half };
}

/** Lowest and highest of an outcome of world A over the seeds. */
export function range(seeds, key) {
  const values = seeds.map(({ a }) => a[key]);
  return [Math.min(...values), Math.max(...values)];
}

function keyOf(requests) {
  return JSON.stringify([requests.a, requests.b]);
}
