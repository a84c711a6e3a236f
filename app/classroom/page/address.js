/** The state in the address: written when it has settled, read when somebody changes it. */

import { fromHash, toHash } from "./state.js";

const SETTLED = 400; // ms after the last change; browsers allow but so many changes of the address

/** Keeps the part of the address after "#" and a page's state alike, until `signal`. */
export class Address {
  constructor(page, signal) {
    this.page = page;
    this.written = "";
    window.addEventListener("hashchange", () => this.read(), { signal });
  }

  read() {
    const hash = location.hash.slice(1);
    if (hash !== this.written) this.page.follow(fromHash(hash));
  }

  /** Write the state once nothing has changed for a while. */
  settle() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.page.timebar.playing) {
        this.settle();
        return;
      }
      this.written = toHash(this.page.store.state);
      history.replaceState(null, "", `#${this.written}`);
    }, SETTLED);
  }

  close() {
    clearTimeout(this.waiting);
  }
}
