/** Where the sliders of both worlds stand; each move can be taken back, and the address brings it back. */

const MOST_STEPS = 200; // that can be taken back
const TOGETHER = 700; // ms: moves of one slider within this are one step

export class Standing {
  /**
   * @param {Object} grid
   * @param {() => void} changed
   */
  constructor(grid, changed) {
    this.grid = grid;
    this.changed = changed;
    this.now = fromAddress(grid) || { a: grid.own(), b: grid.own() };
    this.before = [];
    this.after = [];
    this.last = { key: "", time: 0 };
  }

  /** Move one slider of a world ("a" or "b"). */
  move(world, slider, step) {
    if (this.now[world][slider] === step) return;
    const at = [...this.now[world]];
    at[slider] = step;
    this.put({ ...this.now, [world]: at }, `${world}${slider}`);
  }

  /** Put both worlds somewhere. */
  put(next, key = "") {
    if (same(next, this.now)) return;
    const time = Date.now();
    if (!key || key !== this.last.key || time - this.last.time > TOGETHER) {
      this.before.push(this.now);
      this.before.splice(0, this.before.length - MOST_STEPS);
    }
    this.last = { key, time };
    this.after = [];
    this.show(next);
  }

  undo() {
    if (!this.before.length) return;
    this.after.push(this.now);
    this.last.key = "";
    this.show(this.before.pop());
  }

  redo() {
    if (!this.after.length) return;
    this.before.push(this.now);
    this.last.key = "";
    this.show(this.after.pop());
  }

  show(next) {
    this.now = next;
    history.replaceState(null, "", `#a=${next.a.join(".")}&b=${next.b.join(".")}`);
    this.changed();
  }

  /** Follow an address that somebody changed by hand. */
  follow() {
    const found = fromAddress(this.grid);
    if (found) this.put(found);
  }
}

function same(one, two) {
  return one.a.join() === two.a.join() && one.b.join() === two.b.join();
}

/** What the address says; null if that is nothing that this grid has. */
function fromAddress(grid) {
  const asked = new URLSearchParams(location.hash.slice(1));
  const read = (name) => (asked.get(name) || "").split(".").map(Number);
  const fits = (at) =>
    at.length === grid.sizes.length &&
    at.every((step, i) => Number.isInteger(step) && step >= 0 && step < grid.sizes[i]);
  const [a, b] = [read("a"), read("b")];
  return asked.has("a") && fits(a) && fits(b) ? { a, b } : null;
}
