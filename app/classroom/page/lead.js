/** What stands above the maps: the question, and in a few sentences what differs between the worlds. */

import { whatDiffers, whatHappened, whatSeveral } from "./differs.js";
import { el, fill, say } from "./dom.js";
import { flowing, joined, shortDate } from "./format.js";
import { tr, trNumber } from "./languages.js";
import { FEW, MANY } from "./seeds.js";

/** @param {{seeds: Object, asked(): Object, live: boolean}} tell `live`: whether worlds can be run */
export class Lead {
  constructor(tell) {
    this.tell = tell;
    this.question = el("h1", {});
    this.differs = el("p", { class: "differs", "aria-live": "polite" });
    this.more = el("span", { class: "more-seeds" });
    this.element = el("div", { class: "lead" }, this.question, this.differs, " ", this.more);
  }

  setQuestion(text) {
    say(this.question, text);
  }

  /** What there is to say before the first world has come. */
  wait(words) {
    this.more.hidden = true;
    fill(this.differs, words);
  }

  /** @param {Array<[string, Object]>} worlds by name, those that may be seen @param {boolean} veiled whether there are more */
  show(worlds, veiled) {
    const [[, a], ...others] = worlds;
    const same = others.every(([, world]) => world.seed === a.seed);
    this.showMore(!veiled && same);
    if (veiled) {
      fill(this.differs);
      return;
    }
    const seeds = this.tell.seeds.known(this.tell.asked());
    if (!others.length) {
      fill(this.differs, overTheRun(a, whatHappened(a, seeds)));
      return;
    }
    if (this.tell.live && worlds.every(([, world]) => !Object.keys(world.sets).length)) {
      this.more.hidden = true;
      fill(
        this.differs,
        others.length > 1
          ? tr("All worlds are the same so far. Change something in B, and see what comes of it.")
          : tr("Both worlds are the same so far. Change something in B, and see what comes of it."),
      );
      return;
    }
    const { lead, more } =
      others.length > 1 ? whatSeveral(worlds, seeds) : whatDiffers(a, others[0][1], seeds);
    const seedsOf = [a, ...others.map(([, world]) => world)].map((world) => world.seed);
    const luck = same
      ? tr("Same people, same luck (seed {seed}).", { seed: a.seed })
      : tr("Other people, other luck: seeds {seeds}.", { seeds: joined(seedsOf) });
    fill(
      this.differs,
      el("strong", {}, overTheRun(a, lead)),
      more.length ? el("span", { class: "further" }, ` ${flowing(more.slice(0, 2))}`) : null,
      more.length ? this.rest() : null,
      el("em", {}, ` ${luck}`),
    );
  }

  /** Where there is little room what follows the first sentence waits for a press (layouts.css). */
  rest() {
    const open = () => this.element.classList.add("whole");
    return el("button", { type: "button", class: "quiet rest", onclick: open }, "Read more");
  }

  /** The buttons that run what is shown under several seeds, or how far that is. */
  showMore(can) {
    this.more.hidden = !can || !this.tell.live;
    if (this.more.hidden) return;
    const asked = this.tell.asked();
    const under = this.tell.seeds.done(asked);
    if (under) {
      fill(
        this.more,
        el(
          "em",
          { role: "status" },
          tr("{done} of {number} seeds ...", { done: under[0], number: under[1] }),
        ),
      );
      return;
    }
    const known = (this.tell.seeds.known(asked) || []).length;
    fill(
      this.more,
      [FEW, MANY].filter((number) => number > known).map((number) => this.button(number)),
    );
  }

  button(number) {
    return el(
      "button",
      {
        type: "button",
        class: "quiet",
        title: tr(
          "Run it under {number} seeds: what is decided is then said in words, and charts have a band",
          { number },
        ),
        onclick: () => this.tell.seeds.ask(this.tell.asked(), number),
      },
      trNumber("{number} seed", "{number} seeds", number, { number }),
    );
  }
}

/** What is said of a whole run, with the months it is said of: what stands at the date shown may differ. */
function overTheRun({ start, months }, told) {
  const [first, last] = [0, months - 1].map((month) => shortDate(start, month));
  return tr("{first} to {last}: {told}", { first, last, told });
}
