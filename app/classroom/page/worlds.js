/** The worlds of a page: asked for when the state wants others, shown when all belong together. */

import { decodeWorld, openPlaces } from "./decode.js";
import { layOut } from "./projection.js";
import { Runner } from "./runner.js";
import { WORLDS } from "./state.js";

/**
 * @param {Object} home
 * @param {{changed(shown), busy(name, progress), failed(error, name, request)}} tell
 */
export class Worlds {
  constructor(home, tell) {
    this.home = home;
    this.tell = tell;
    this.wanted = forEach(""); // what was asked for last, as a key
    this.have = forEach(null); // {key, world}
    this.good = forEach(null); // the last request that could be run
    this.shown = null; // {a, b, c, d, places, layout}, null for a world that there is none of
    this.places = new Map();
    this.runners = {};
    this.running = forEach(""); // what each runner was asked for last, as a key
    this.told = forEach(null); // how far each runner said that it is
    for (const name of WORLDS) {
      this.runners[name] = new Runner(
        (request, onProgress, signal) => home.run(request, onProgress, signal),
        {
          ready: (block, request) => this.ready(name, block, request),
          failed: (error, request) => {
            this.wanted[name] = "";
            tell.failed(error, name, request);
          },
          busy: (progress) => this.busy(name, progress),
        },
      );
    }
  }

  /** Ask for what a state wants, as far as it is not here or on its way. */
  want(requests) {
    for (const name of WORLDS) {
      const request = requests[name];
      const key = request ? JSON.stringify(request) : "";
      if (key === this.wanted[name]) continue;
      this.wanted[name] = key;
      if (this.shown && !this.runners[name].current) this.tell.busy(name, null);
      if (!request) {
        this.have[name] = null;
        this.runners[name].close();
        continue;
      }
      if (this.have[name] && this.have[name].key === key) continue;
      const same = WORLDS.find((other) => this.have[other] && this.have[other].key === key);
      if (same) this.keep(name, key, this.have[same].world, request);
      else this.askOnce(name, key, request);
    }
    this.show();
  }

  /** Where some are to be the same, one run will do: the others wait for the first. */
  askOnce(name, key, request) {
    const first = WORLDS.slice(0, WORLDS.indexOf(name)).find((other) => this.wanted[other] === key);
    if (first) {
      if (this.shown || this.told[first]) this.tell.busy(name, this.told[first]);
      return;
    }
    this.running[name] = key;
    this.runners[name].ask({ ...request, lane: name });
  }

  /** How far a run is, told of all worlds that wait for it. */
  busy(name, progress) {
    this.told[name] = progress;
    for (const each of WORLDS) {
      const waits = this.wanted[each] === this.running[name] && !this.runners[each].current;
      if (each === name || waits) this.tell.busy(each, progress);
    }
  }

  ready(name, block, asked) {
    const request = { ...asked };
    delete request.lane;
    const key = JSON.stringify(request);
    let world;
    try {
      world = decodeWorld(block);
    } catch (error) {
      this.tell.failed(error, name, request);
      return;
    }
    this.keep(name, key, world, request);
    for (const other of WORLDS)
      if (other !== name && this.wanted[other] === key) this.keep(other, key, world, request);
  }

  keep(name, key, world, request) {
    if (this.wanted[name] !== key && this.wanted[name] !== "") {
      // Passed already, but a slider that is being dragged shows all it passes.
      if (!this.shown || !this.fits(world, this.shown.a)) return;
    }
    this.have[name] = { key, world };
    this.good[name] = request;
    this.show();
  }

  /** Show what is here, if it belongs together. */
  async show() {
    const a = this.have.a && this.have.a.world;
    const found = forEach(null);
    for (const name of WORLDS) {
      if (!this.wanted[name]) continue;
      const world = this.have[name] && this.have[name].world;
      if (!a || !world) return;
      if (this.fits(a, world)) {
        found[name] = world;
        continue;
      }
      // While a page runs, the other world is on its way; finished ones stay as they are.
      if (this.home.can.run) return;
      const why = "these runs differ in their places or months, and can't stand side by side";
      this.tell.failed(new Error(why), "", null);
    }
    const places = await this.placesOf(a);
    if (!places || !this.have.a || this.have.a.world !== a) return;
    if (this.shown && WORLDS.every((name) => this.shown[name] === found[name])) return;
    this.shown = { ...found, ...places };
    this.tell.changed(this.shown);
  }

  fits(one, two) {
    return sameFrame(one, two) && (one.seed === two.seed || !this.home.can.run);
  }

  async placesOf(world) {
    const id = world.places_id;
    if (!this.places.has(id)) {
      try {
        const places = openPlaces(await this.home.places(id));
        this.places.set(id, { places, layout: layOut(places) });
      } catch (error) {
        this.tell.failed(error, "a", null);
        return null;
      }
    }
    return this.places.get(id);
  }

  /** Whether what is shown is what was asked for last. */
  get upToDate() {
    return (
      Boolean(this.shown) &&
      WORLDS.every((name) => {
        if (!this.wanted[name]) return !this.shown[name];
        const have = this.have[name];
        if (!have || have.key !== this.wanted[name]) return false;
        return have.world === this.shown[name] || (!this.home.can.run && !this.shown[name]);
      })
    );
  }

  /** Whether a world other than this one is on its way. */
  onItsWay(name) {
    return WORLDS.some((each) => each !== name && this.runners[each].current);
  }

  close() {
    for (const runner of Object.values(this.runners)) runner.close();
  }
}

function forEach(value) {
  return Object.fromEntries(WORLDS.map((name) => [name, value]));
}

/** Whether two worlds can stand side by side: the same places and months. */
function sameFrame(one, two) {
  return one.places_id === two.places_id && one.months === two.months && one.start === two.start;
}
