/** Time: scrub, play, speed; the date in large letters. */

import { el, fill, say } from "./dom.js";
import { Happening } from "./events.js";
import { dateWords, yearMonth } from "./format.js";
import { later } from "./languages.js";

const SPEEDS = [
  [3, later("slow")],
  [12, "1 year/s"],
  [24, "2 years/s"],
  [60, "5 years/s"],
];

/** The bar of time. `tell`: `{month(number), moment(months or null), speed(number), announce(text)}`. */
export class Timebar {
  constructor(tell) {
    this.tell = tell;
    this.playing = false;
    this.button = el("button", {
      type: "button",
      class: "play",
      "aria-label": "Play",
      onclick: () => this.toggle(),
    });
    this.slider = el("input", {
      type: "range",
      min: 0,
      max: 0,
      step: 1,
      "aria-label": "Month",
      oninput: () => {
        this.stop();
        this.go(Number(this.slider.value));
      },
    });
    this.date = el("output", { class: "date" });
    this.speed = el(
      "select",
      { "aria-label": "Speed", onchange: () => tell.speed(Number(this.speed.value)) },
      SPEEDS.map(([months, words]) => el("option", { value: months }, words)),
    );
    this.marks = el("div", { class: "marks", "aria-hidden": "true" });
    this.first = el("span", { "aria-hidden": "true" });
    this.last = el("span", { "aria-hidden": "true" });
    this.happening = new Happening();
    this.element = el(
      "div",
      { class: "timebar" },
      this.happening.element,
      this.button,
      this.date,
      el(
        "div",
        { class: "track" },
        this.marks,
        this.slider,
        el("div", { class: "ends" }, this.first, this.last),
      ),
      this.speed,
    );
    this.tick = this.tick.bind(this);
    this.showPlaying();
  }

  /** How long the history is, and where on its track there are marks. */
  setSpan(start, months, marks) {
    fill(this.marks, marks);
    this.start = start;
    this.months = months;
    this.slider.max = months - 1;
    this.first.textContent = start.slice(0, 4);
    this.last.textContent = String(yearMonth(start, months - 1)[0]);
  }

  show(month, speed) {
    this.month = month;
    this.perSecond = speed;
    const words = dateWords(this.start, month);
    if (this.slider.value !== String(month)) this.slider.value = month;
    this.slider.setAttribute("aria-valuetext", words);
    say(this.date, words);
    const known = SPEEDS.map(([months]) => months);
    const nearest = known.reduce(
      (best, each) => (Math.abs(each - speed) < Math.abs(best - speed) ? each : best),
      known[0],
    );
    if (this.speed.value !== String(nearest)) this.speed.value = nearest;
  }

  /** Known here at once, drawn with the next frame: two keys pressed within one frame are two steps. */
  go(month) {
    this.month = month;
    this.tell.month(month);
  }

  toggle() {
    if (this.playing) this.stop();
    else this.play();
  }

  play() {
    if (!this.months) return;
    this.playing = true;
    this.showPlaying();
    if (this.month >= this.months - 1) this.go(0);
    this.since = performance.now();
    this.from = this.month;
    requestAnimationFrame(this.tick);
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.showPlaying();
    this.tell.moment(null);
    this.tell.announce(dateWords(this.start, this.month));
  }

  tick(now) {
    if (!this.playing || !this.element.isConnected) return;
    const passed = Math.max(0, ((now - this.since) / 1000) * this.perSecond);
    const month = Math.min(this.months - 1, this.from + Math.floor(passed));
    if (month !== this.month) this.go(month);
    this.tell.moment(this.from + passed);
    if (month >= this.months - 1) this.stop();
    else requestAnimationFrame(this.tick);
  }

  /** A few months on or back; from the keyboard. */
  step(months) {
    if (!this.months) return;
    this.stop();
    this.go(Math.min(this.months - 1, Math.max(0, this.month + months)));
    this.tell.announce(dateWords(this.start, this.month));
  }

  showPlaying() {
    this.button.textContent = this.playing ? "❚❚" : "▶";
    this.button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.button.title = this.playing ? "Pause (space bar)" : "Play (space bar)";
  }
}
