/** The maps of one to four worlds side by side, their heads, and what is said on pointing at a place. */

import { Areas } from "./areas.js";
import { el, fill, say } from "./dom.js";
import { count, joined, signed, valued } from "./format.js";
import { drawDots, movesADot } from "./dots.js";
import { later, shown, tr, trNumber } from "./languages.js";
import { CLOSEST, MapView } from "./map.js";
import { fullName } from "./names.js";
import { colourScale, roundUp } from "./palette.js";
import { WORLDS } from "./state.js";

const CALM = window.matchMedia("(prefers-reduced-motion: reduce)"); // of who wants nothing to move
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** The maps. `tell`: `{choose(place), announce(text)}`. */
export class Stage {
  constructor(tell) {
    this.tell = tell;
    this.hover = -1;
    this.frames = WORLDS.map((name) => this.frame(name));
    this.tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
    this.dots = el("canvas", { class: "dots", "aria-hidden": "true" }); // one layer over all maps
    this.areas = new Areas(this.frames, (area) => this.showArea(area));
    this.dotWords = el("p", { class: "dot-words", hidden: true, "aria-hidden": "true" });
    this.element = el(
      "section",
      { class: "maps", "aria-label": "Maps" },
      this.frames.map((frame) => frame.element),
      this.dots,
      this.dotWords,
      this.tip,
    );
  }

  frame(name) {
    const canvas = el("canvas", { tabindex: 0, role: "application", "aria-roledescription": tr("map") });
    const frame = {
      name,
      canvas,
      view: new MapView(canvas),
      badge: el("span", { class: `badge ${name}` }, name.toUpperCase()),
      title: el("span", { class: "name" }),
      chips: el("span", { class: "chips" }),
      progress: el("div", { class: "progress", role: "status", hidden: true }, el("span", {}), el("i", {})),
      veil: el("div", { class: "veil", hidden: true }),
    };
    const zoom = [
      ["+", later("Closer, on the map"), 1.5],
      ["−", later("Further away, on the map"), 1 / 1.5],
      ["⤢", later("The whole map"), 0],
    ].map(([sign, words, factor]) =>
      el(
        "button",
        {
          type: "button",
          "aria-label": tr(words),
          title: tr(words),
          hidden: factor < 1, // the whole map is seen
          onclick: () => this.zoomBy(factor),
        },
        sign,
      ),
    );
    frame.closer = zoom[0];
    frame.back = zoom.slice(1);
    frame.box = el(
      "div",
      { class: "map-box" },
      canvas,
      frame.progress,
      frame.veil,
      el("div", { class: "zoom" }, zoom),
    );
    frame.element = el(
      "figure",
      { class: `world ${name}` },
      el("figcaption", {}, frame.badge, frame.title, frame.chips),
      frame.box,
    );
    this.listen(frame);
    return frame;
  }

  listen(frame) {
    const { canvas } = frame;
    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    let held = null;
    canvas.addEventListener("pointerdown", (event) => {
      held = { at: point(event), zoom: { ...frame.view.zoom }, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = point(event);
      if (held && frame.view.zoom.k > 1 && Math.hypot(x - held.at[0], y - held.at[1]) > 5) {
        held.moved = true;
        this.zoomTo({ k: held.zoom.k, x: held.zoom.x + x - held.at[0], y: held.zoom.y + y - held.at[1] });
        return;
      }
      this.pointAt(frame, frame.view.at(x, y), x, y);
    });
    canvas.addEventListener("pointerup", (event) => {
      const [x, y] = point(event);
      const place = frame.view.at(x, y);
      if (held && !held.moved && place >= 0) this.tell.choose(place);
      held = null;
    });
    canvas.addEventListener("pointerleave", () => this.pointAt(frame, -1, 0, 0));
    canvas.addEventListener("blur", () => this.pointAt(frame, -1, 0, 0));
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && this.world(frame.name).arrays.stock.width <= 60) return;
        event.preventDefault();
        const [x, y] = point(event);
        this.zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, x, y);
      },
      { passive: false },
    );
    canvas.addEventListener("keydown", (event) => this.keyed(frame, event));
  }

  /** Arrows go from place to place on the map that has the focus; Enter opens the place. */
  keyed(frame, event) {
    const { view } = frame;
    if (!view.places) return;
    const way = ARROWS[event.key];
    if (way) {
      const from = this.hover >= 0 ? this.hover : (this.marked ?? largestOf(view));
      const place = this.hover >= 0 ? view.nearby.toward(from, way) : from;
      if (place >= 0) {
        this.pointAt(frame, place, view.x[place], view.y[place]);
        this.tell.announce(joined(this.tipText(place)));
      }
    } else if ((event.key === "Enter" || event.key === " ") && this.hover >= 0) {
      this.tell.choose(this.hover);
    } else if (event.key === "+" || event.key === "=") {
      this.zoomBy(1.5);
    } else if (event.key === "-") {
      this.zoomBy(1 / 1.5);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** The places, and how they lie. */
  setPlaces(places, layout) {
    this.places = places;
    this.hover = -1;
    for (const { view, back } of this.frames) {
      view.zoom = { k: 1, x: 0, y: 0 };
      view.area = null;
      view.setPlaces(places, layout);
      for (const button of back) button.hidden = true;
    }
    this.areas.offer(layout);
  }

  /** Draw all maps closer on one of the parts where places crowd; null: the whole. */
  showArea(area) {
    for (const { view } of this.frames) view.area = area;
    this.zoomed({ k: 1, x: 0, y: 0 });
  }

  /**
   * Show worlds; `view` "pair": each as it is, "difference": all but the first less the first.
   * @param {Array<[string, Object]>} worlds by name
   * @returns {Object} the scales of the maps, for the legend
   */
  setWorlds(worlds, measure, view) {
    this.worlds = Object.fromEntries(worlds);
    this.measure = measure;
    const { a } = this.worlds;
    const all = worlds.map(([, world]) => world);
    this.difference = view === "difference" && all.length > 1;
    const most = Math.max(...all.map((world) => world.arrays.stock.range()[1] || 1));
    const scale = scaleOf(measure, all);
    const monthly = measure.when === "month";
    this.values = Object.fromEntries(worlds.map(([name, world]) => [name, valueOf(world, measure)]));
    const { a: ofA, ...others } = this.values;
    let second = scale;
    if (this.difference) {
      const bound = Math.max(...Object.values(others).map((of) => boundOf(a, ofA, of)));
      second = colourScale(measure, -bound, bound, true);
    }
    for (const { name, view: map, element, badge, canvas } of this.frames) {
      const world = this.worlds[name];
      element.hidden = !world;
      if (!world) continue;
      const less = this.difference && name !== "a";
      const of = this.values[name];
      const painted = less ? (year, place, month) => of(year, place, month) - ofA(year, place, month) : of;
      map.setWorld(world, painted, less ? second : scale, most, monthly);
      const letter = name.toUpperCase();
      badge.textContent = less ? `${letter} − A` : letter;
      const told = { world: letter, measure: shown(measure.label) };
      canvas.setAttribute(
        "aria-label",
        less
          ? tr("Map of {world} less A: {measure}. Arrow keys go from place to place, Enter opens one.", told)
          : tr("Map of world {world}: {measure}. Arrow keys go from place to place, Enter opens one.", told),
      );
    }
    this.arrange(all.length);
    this.perDot = movesADot(all);
    say(
      this.dotWords,
      trNumber("a dot: one move between places", "a dot: {number} moves between places", this.perDot, {
        number: count(this.perDot),
      }),
    );
    this.most = most;
    return { scale, second: all.length > 1 ? second : null, most };
  }

  /** Heads of the worlds: title and chips, as elements. */
  setHead(name, title, chips) {
    const frame = this.frames[WORLDS.indexOf(name)];
    frame.title.textContent = title;
    fill(frame.chips, chips);
  }

  /** How far a world's run is; null when it is done. */
  setBusy(name, progress) {
    const { progress: bar, box } = this.frames[WORLDS.indexOf(name)];
    bar.hidden = !progress;
    box.classList.toggle("busy", Boolean(progress));
    if (!progress) return;
    const share = progress.total ? progress.done / progress.total : 0;
    bar.firstChild.textContent = doing(progress, share);
    bar.lastChild.style.transform = `scaleX(${share})`;
  }

  /** Room for worlds that are on their way, before the first has come. */
  expect(names) {
    for (const { name, element } of this.frames) element.hidden = !names.includes(name);
    this.arrange(names.length);
  }

  arrange(number) {
    ["two", "three", "four"].forEach((words, i) => this.element.classList.toggle(words, number === i + 2));
  }

  /** Hide all worlds but A behind a sentence, until a prediction is made; null shows them. */
  setVeil(text) {
    for (const { veil } of this.frames.slice(1)) {
      veil.hidden = text === null;
      veil.textContent = text || "";
    }
  }

  size(ratio) {
    for (const { box, view, element, closer } of this.frames) {
      if (!element.hidden && box.clientWidth)
        view.size(box.clientWidth, box.clientHeight, ratio, covered(box, closer));
    }
    this.areas.show();
  }

  draw(month, year, marks) {
    this.at = { month, year };
    this.marked = marks.place;
    for (const { view, element } of this.frames) {
      if (!element.hidden)
        view.draw(Math.min(month, view.world ? view.world.months - 1 : 0), year, {
          ...marks,
          hover: this.hover,
        });
    }
  }

  /**
   * Who is on the way at a moment (months, with fractions); null: time stands still, nobody is seen moving.
   */
  drawMoment(moment, speed) {
    const moving = moment !== null && this.perDot > 0 && !CALM.matches;
    this.dotWords.hidden = !moving;
    const { dots } = this;
    const [wide, tall] = [this.element.clientWidth, this.element.clientHeight];
    if (dots.width !== wide || dots.height !== tall) [dots.width, dots.height] = [wide, tall];
    const context = dots.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, wide, tall);
    if (!moving) return;
    for (const { view, element, box } of this.frames) {
      if (element.hidden || !view.width || !view.world.arrays.flows) continue;
      context.setTransform(1, 0, 0, 1, box.offsetLeft, box.offsetTop);
      drawDots(context, view, moment, speed, this.perDot);
    }
  }

  zoomBy(factor, x, y) {
    const { view } = this.frames[0];
    if (!view.width) return;
    const old = view.zoom;
    const k = factor ? Math.min(CLOSEST, Math.max(1, old.k * factor)) : 1;
    if (k === 1) {
      this.zoomTo({ k: 1, x: 0, y: 0 });
      return;
    }
    // What lies under the pointer (or in the middle) stays there.
    const [dx, dy] = x === undefined ? [0, 0] : [x - view.width / 2, y - view.height / 2];
    const grow = k / old.k;
    this.zoomTo({ k, x: dx - (dx - old.x) * grow, y: dy - (dy - old.y) * grow });
  }

  zoomTo(zoom) {
    for (const { view } of this.frames) view.area = null;
    this.zoomed(zoom);
  }

  zoomed(zoom) {
    for (const { view, closer, back } of this.frames) {
      view.zoom = zoom;
      view.place();
      const whole = view.zoom.k === 1;
      if (whole && back.includes(document.activeElement)) closer.focus();
      for (const button of back) button.hidden = whole;
    }
    this.areas.show();
    this.tell.redraw();
  }

  pointAt(frame, place, x, y) {
    if (place !== this.hover) {
      this.hover = place;
      this.tell.redraw();
    }
    frame.canvas.classList.toggle("on-place", place >= 0);
    this.tip.hidden = place < 0;
    if (place < 0) return;
    const [name, ...lines] = this.tipText(place);
    fill(
      this.tip,
      el("strong", {}, name),
      lines.map((line) => el("span", {}, line)),
    );
    const box = frame.box;
    const left = box.offsetLeft + x;
    const room = this.element.clientWidth;
    this.tip.style.left = `${Math.min(left + 14, room - this.tip.offsetWidth - 4)}px`;
    this.tip.style.top = `${box.offsetTop + y + 14}px`;
  }

  tipText(place) {
    const { month, year } = this.at;
    const { a } = this.worlds;
    const names = Object.keys(this.worlds);
    const migrants = (world) =>
      world.arrays.stock.at(Math.min(month, world.months - 1) * this.places.size + place);
    const value = (of) => valued(of(year, place, month), this.measure.unit);
    const region = this.places.regionName(place);
    const measure = shown(this.measure.label);
    const lines = [fullName(this.places, place) + (region && this.places.size > 60 ? ` (${region})` : "")];
    if (names.length > 1) {
      const inEach = (told) =>
        joined(
          names.map((name) => tr("{value} in {world}", { value: told(name), world: name.toUpperCase() })),
        );
      lines.push(
        tr("migrants: {values}", { values: inEach((name) => count(migrants(this.worlds[name]))) }),
        tr("{name}: {value}", { name: measure, value: inEach((name) => value(this.values[name])) }),
      );
      for (const name of this.difference ? names.slice(1) : []) {
        const change = this.values[name](year, place, month) - this.values.a(year, place, month);
        if (Number.isFinite(change)) {
          const told = { world: name.toUpperCase(), change: signed(change, this.measure.unit) };
          lines.push(tr("{world} less A: {change}", told));
        }
      }
    } else {
      const number = migrants(a);
      lines.push(
        trNumber("{number} migrant", "{number} migrants", number, { number: count(number) }),
        tr("{name}: {value}", { name: measure, value: value(this.values.a) }),
      );
    }
    return lines;
  }

  world(name) {
    return this.worlds[name] || this.worlds.a;
  }
}

/** The value of a measure at (year, place, month). */
export function valueOf(world, measure) {
  const packed = world.arrays[measure.array];
  const places = world.arrays.stock.width;
  if (measure.when === "month")
    return (year, place, month) => packed.at(Math.min(month, world.months - 1) * places + place);
  if (measure.column === null || measure.column === undefined)
    return (year, place) => packed.at(year * places + place);
  const width = packed.shape[2];
  return (year, place) => packed.at((year * places + place) * width + measure.column);
}

/**
 * Colours for all worlds; where a measure has no highest value of its own, the one that 97 of 100 migrants
 * live below.
 */
function scaleOf(measure, worlds) {
  const found = worlds.map((world) => world.arrays[measure.array].range());
  const low = measure.low ?? Math.min(...found.map((each) => each[0]));
  const most = Math.max(...found.map((each) => each[1]));
  const high =
    measure.high ?? roundUp(Math.max(...worlds.map((world) => usualMost(world, valueOf(world, measure)))));
  const scale = colourScale(measure, Number.isFinite(low) ? low : 0, Number.isFinite(high) ? high : 1);
  scale.beyond = most > scale.high; // the last colour stands for more as well
  return scale;
}

/**
 * The value, at the end of the years, that 97 of 100 migrants live below; NaN if nobody lives where there is
 * one.
 */
function usualMost(world, of) {
  const stock = world.arrays.stock;
  const first = Number(world.start.slice(5, 7)) - 1;
  const seen = [];
  let everybody = 0;
  world.years.forEach((_, year) => {
    const month = Math.min(12 * year + 11 - first, world.months - 1);
    for (let place = 0; place < stock.width; place += 1) {
      const [value, people] = [of(year, place, month), stock.at(month * stock.width + place)];
      if (value === value && people > 0) {
        seen.push([value, people]);
        everybody += people;
      }
    }
  });
  seen.sort((one, two) => one[0] - two[0]);
  let below = 0;
  for (const [value, people] of seen) {
    below += people;
    if (below >= 0.97 * everybody) return value;
  }
  return NaN;
}

/** What is being done, in words: a step before the run, or the month that it has reached. */
function doing(progress, share) {
  const { step, done, total, date } = progress;
  if (step === "starting") return tr("Starting ...");
  if (step === "compiling") return tr("Compiling the rules, once: {done} of {total}", { done, total });
  return total
    ? tr("Running: {month} ({share}%)", { month: date, share: Math.round(100 * share) })
    : tr("Running ...");
}

/** A bound that all but the most extreme differences keep; where there is none at all, nobody counts. */
function boundOf(world, ofA, ofB) {
  return roundUp(
    usualMost(world, (...where) => {
      const size = Math.abs(ofB(...where) - ofA(...where));
      return size > 1e-9 ? size : NaN;
    }),
  );
}

/** What of a map a button lies over, in its pixels; nothing where the button is not seen. */
function covered(box, button) {
  if (!button.offsetParent) return [];
  const [all, own] = [box, button].map((each) => each.getBoundingClientRect());
  const [left, top] = [own.left - all.left, own.top - all.top];
  return [[left, top, left + own.width, top + own.height]];
}

function largestOf(view) {
  let best = 0;
  for (let i = 0; i < view.radius.length; i += 1) if (view.radius[i] > view.radius[best]) best = i;
  return best;
}
