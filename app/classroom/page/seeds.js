/**
 * The same worlds under further seeds: so that a sentence may say more or fewer, and a band may stand beside a line. What
 * is decided, by means over seeds.
 */

import { decodeWorld } from "./decode.js";
import { outcomesOf } from "./outcomes.js";
import { seriesOf } from "./series.js";
import { WORLDS } from "./state.js";

export const FEW = 5;
export const MANY = 20;
const QUANTILES = { [FEW]: 2.776, [MANY]: 2.093 }; // of Student's t, for an interval of 95%
const TAIL = 0.05; // left out at either end of a band over many seeds

/** @param {{run}} home @param {{changed(), failed(error)}} tell */
export class FurtherSeeds {
  constructor(home, tell) {
    this.home = home;
    this.tell = tell;
    this.key = "";
    this.number = 0;
    this.kept = []; // by seed: of each world `{outcomes, series}`
    this.stop = null;
  }

  /** What was found of these requests, one a seed; null if they were not asked for, or not yet all there. */
  known(requests) {
    const all = this.key === JSON.stringify(requests) && this.kept.length >= FEW && !this.stop;
    return all ? this.kept : null;
  }

  /** How many seeds of these requests are done, and of how many; null if none is under way. */
  done(requests) {
    if (!this.stop || this.key !== JSON.stringify(requests)) return null;
    return [this.kept.length, this.number];
  }

  /** The series of a world under several seeds, for a band. */
  seriesOf(requests, name) {
    return (this.known(requests) || []).map((worlds) => worlds[name].series);
  }

  /** Run all worlds (by name, null where there is none) under the seed they have, and those that follow it. */
  async ask(requests, number) {
    if (this.stop) this.stop.abort();
    const stop = new AbortController();
    const key = JSON.stringify(requests);
    Object.assign(this, { key, number, stop, kept: this.key === key ? this.kept : [] });
    const names = WORLDS.filter((name) => requests[name]);
    try {
      while (this.kept.length < number) {
        this.tell.progress();
        const step = BigInt(this.kept.length);
        const run = async (name) => {
          const seed = String(BigInt(requests[name].seed || "1") + step);
          const asked = { ...requests[name], seed, lane: `seeds ${name}` };
          const world = decodeWorld(await this.home.run(asked, () => {}, stop.signal));
          const { who, between, within, rungs } = seriesOf(world);
          const outcomes = Object.fromEntries(outcomesOf(world).map((of) => [of.key, of.value(world)]));
          return [name, { outcomes, series: { who, between, within, rungs } }];
        };
        const found = Object.fromEntries(await Promise.all(names.map(run)));
        if (stop.signal.aborted) return;
        this.kept.push(found);
      }
    } catch (error) {
      if (!stop.signal.aborted) this.tell.failed(error);
      stop.abort();
    } finally {
      if (this.stop === stop) {
        this.stop = null;
        this.tell.changed();
      }
    }
  }
}

/**
 * The mean difference of a world less A over seeds, its 95% interval, and whether that leaves 0 out.
 * @returns {{mean: number, low: number, high: number, decided: boolean}|null} null without all seeds
 */
export function decide(seeds, key, name = "b") {
  if (!seeds || !QUANTILES[seeds.length]) return null;
  const by = seeds.map((worlds) => worlds[name].outcomes[key] - worlds.a.outcomes[key]);
  if (by.some((each) => !Number.isFinite(each))) return null;
  const mean = by.reduce((sum, each) => sum + each, 0) / by.length;
  const spread = Math.sqrt(by.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (by.length - 1));
  const half = (QUANTILES[seeds.length] * spread) / Math.sqrt(by.length);
  return { mean, low: mean - half, high: mean + half, decided: Math.abs(mean) > half };
}

/** Of several series the low and the high by month: the middle nine tenths of many, lowest to highest of fewer. */
export function bandOf(all) {
  const [low, high] = [new Float64Array(all[0].length), new Float64Array(all[0].length)];
  const out = all.length >= MANY ? Math.round(TAIL * all.length) : 0;
  for (let month = 0; month < low.length; month += 1) {
    const values = Float64Array.from(all, (each) => each[month]).sort();
    low[month] = values[out];
    high[month] = values.some((each) => each !== each) ? NaN : values[values.length - 1 - out];
    if (high[month] !== high[month]) low[month] = NaN;
  }
  return [low, high];
}

/** Lowest and highest of an outcome of world A over the seeds. */
export function range(seeds, key) {
  const values = seeds.map(({ a }) => a.outcomes[key]);
  return [Math.min(...values), Math.max(...values)];
}
