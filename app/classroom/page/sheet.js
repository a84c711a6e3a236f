/** Where there is no room beside the maps: the panels as a sheet that a finger draws up from below, and down again. */

import { el } from "./dom.js";

const NARROW = "(max-width: 1100px)";
const HALF = 0.46; // of the room there is
const FULL = 0.9;
const FLING = 0.5; // pixels a millisecond, from which a push counts by its direction
const STILL = 8; // pixels; less is a press, no pull

/** Whether panels are a sheet now. */
export function isSheet() {
  return window.matchMedia(NARROW).matches;
}

/**
 * Makes a sheet of the panels at the side.
 * `tell`: `{close()}`, for a sheet that was drawn down; `moved()`, once it stands elsewhere.
 */
export class Sheet {
  constructor(side, body, tell, signal) {
    Object.assign(this, { side, body, tell, large: false, open: false });
    this.grip = el("button", {
      type: "button",
      class: "grip",
      onclick: () => this.pressed(),
    });
    side.prepend(this.grip);
    const tabs = side.querySelector(".tabs");
    for (const part of [this.grip, tabs])
      part.addEventListener("pointerdown", (event) => this.taken(event, part), { signal });
    window.matchMedia(NARROW).addEventListener("change", () => this.settle(), { signal });
    this.settle();
  }

  /** Open, as far as it was last, or down to its tabs. */
  show(open) {
    if (open === this.open) return;
    this.open = open;
    if (!open) this.large = false;
    this.settle();
  }

  settle() {
    const narrow = isSheet();
    this.side.classList.add("settling");
    this.grip.setAttribute("aria-label", this.large || !this.open ? "Smaller panel" : "Larger panel");
    this.grip.hidden = !this.open;
    const share = this.large ? FULL : HALF;
    for (const [name, value] of [
      ["--sheet", narrow && this.open ? `${100 * share}%` : null],
      ["--room", narrow && this.open ? `${100 * HALF}%` : null],
    ]) {
      if (value) this.body.style.setProperty(name, value);
      else this.body.style.removeProperty(name);
    }
    this.tell.moved();
  }

  /** By a press, or from the keyboard: larger, and back. */
  pressed() {
    if (this.pulled) return;
    this.large = !this.large;
    this.settle();
  }

  taken(event, part) {
    if (!isSheet() || !this.open || event.button !== 0) return;
    const from = { y: event.clientY, high: this.side.offsetHeight, at: performance.now() };
    this.pulled = false;
    const ending = new AbortController();
    const move = (now) => {
      const by = from.y - now.clientY;
      if (!this.pulled && Math.abs(by) < STILL) return;
      if (!this.pulled) part.setPointerCapture(event.pointerId);
      this.pulled = true;
      this.side.classList.remove("settling");
      this.body.style.setProperty(
        "--sheet",
        `${Math.max(0, Math.min(from.high + by, this.body.clientHeight))}px`,
      );
    };
    const end = (now) => {
      ending.abort();
      if (!this.pulled) return;
      this.dropped(now.clientY - from.y, performance.now() - from.at);
      setTimeout(() => (this.pulled = false)); // the click that follows a pull is none
    };
    const { signal } = ending;
    // A mouse has left the part before it is known to pull; a finger's events stay with it.
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", end, { signal });
    window.addEventListener("pointercancel", end, { signal });
  }

  /** Where it stays: the nearest of down, half and full, or where a quick push sends it. */
  dropped(down, took) {
    const share = this.side.offsetHeight / this.body.clientHeight;
    const quick = Math.abs(down) / took > FLING;
    const closes = down > 0 && (share < HALF / 2 || (quick && !this.large));
    this.large = quick ? down < 0 : share > (HALF + FULL) / 2;
    if (closes) this.tell.close();
    else this.settle();
  }
}
