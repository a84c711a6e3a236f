/** Steps of a page, to be taken back and taken again: by buttons, keys, and the browser's own Back and Forward. */

import { freshState, fromHash, toHash } from "./state.js";

const SETTLED = 400; // ms after the last change, so that a slider that is dragged makes one step
const PASSING = ["month", "speed", "moves", "panel"]; // no step of their own, and left alone by one

/** Remembers what a page has shown until `signal`; with `link` in the address too, as entries of the browser's history. */
export class Steps {
  /** @param {Object} page @param {{link: boolean, signal: AbortSignal, changed(back, on)}} how */
  constructor(page, { link, signal, changed }) {
    Object.assign(this, { page, link, changed });
    this.at = link && history.state && history.state.step > 0 ? history.state.step : 0;
    this.list = []; // links by step, as far as they are known
    this.last = this.at;
    this.essence = null; // of the step that is shown
    if (link) window.addEventListener("popstate", (event) => this.travelled(event), { signal });
  }

  /** The state has changed: it is written once nothing has for a while. */
  settle() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const begun = this.page.scenario || !this.page.home.can.run; // what it begins with is no step
      if (this.page.timebar.playing || !begun) this.settle();
      else this.write();
    }, SETTLED);
    this.tell();
  }

  write() {
    clearTimeout(this.waiting);
    this.waiting = null;
    const { state } = this.page.store;
    const essence = essenceOf(state);
    if (this.essence !== null && this.essence !== essence && !this.following) {
      this.at += 1;
      this.last = this.at;
      this.list.length = this.at;
      if (this.link) history.pushState({ step: this.at }, "", `#${toHash(state)}`);
    } else if (this.link) {
      history.replaceState({ step: this.at }, "", `#${toHash(state)}`);
    }
    this.following = false;
    this.essence = essence;
    this.list[this.at] = toHash(state);
    this.tell();
  }

  /** Whether something was changed that is not a step yet. */
  get pending() {
    return (
      Boolean(this.waiting) && this.essence !== null && this.essence !== essenceOf(this.page.store.state)
    );
  }

  back() {
    if (this.pending) this.write();
    if (this.at > 0) this.go(-1);
  }

  on() {
    if (!this.pending && this.at < this.last) this.go(1);
  }

  go(by) {
    if (this.link) {
      history.go(by);
      return;
    }
    this.at += by;
    this.show(fromHash(this.list[this.at]));
  }

  /** The browser has gone back or forward, or somebody has written another address. */
  travelled({ state }) {
    const hash = location.hash.slice(1);
    const known = state && state.step >= 0;
    if (!known) {
      if (hash === this.list[this.at]) return;
      this.at += 1;
      this.last = this.at;
      this.list.length = this.at;
    } else {
      this.at = state.step;
      this.last = Math.max(this.last, this.at);
    }
    this.show(fromHash(hash), !known);
  }

  /** Bring a state back; `whole` as it stands, else but for what is passing. */
  async show(state, whole = false) {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.following = true;
    const now = this.page.store.state;
    const same = !state.scenario || state.scenario === now.scenario;
    const kept = Object.fromEntries(PASSING.map((name) => [name, now[name]]));
    // A sheet that was opened last closes with Back.
    if (state.panel === "") delete kept.panel;
    await this.page.follow(whole || !same ? state : { ...state, ...kept });
    this.essence = essenceOf(this.page.store.state);
    this.following = false; // what is changed from now on is a step again, however soon
    this.settle();
  }

  tell() {
    const pending = this.pending;
    this.changed(this.at > 0 || pending, this.at < this.last && !pending);
  }

  close() {
    clearTimeout(this.waiting);
  }
}

/** What makes a step of its own; of panels, whether there is one at all. */
function essenceOf(state) {
  const fresh = freshState();
  const passing = Object.fromEntries(PASSING.map((name) => [name, fresh[name]]));
  return `${toHash({ ...state, ...passing })} ${state.panel === ""}`;
}
