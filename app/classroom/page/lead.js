/** What stands above the maps: the question, and in a few sentences what differs between the worlds. */

import { whatDiffers, whatHappened, whatSeveral } from "./differs.js";
import { el, fill, say } from "./dom.js";
import { FEW, MANY } from "./seeds.js";

/** @param {{seeds: Object, asked(): Object, live: boolean}} tell `live`: whether worlds can be run */
export class Lead {
  constructor(tell) {
    this.tell = tell;
    this.question = el("h1", {});
    this.differs = el("p", { class: "differs", "aria-live": "polite" });
    this.more = el("span", { class: "more-seeds" });
    this.element = el("div", { class: "lead" }, this.question, this.differs, this.more);
  }

  setQuestion(text) {
    say(this.question, text);
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
      fill(this.differs, whatHappened(a, seeds));
      return;
    }
    if (this.tell.live && worlds.every(([, world]) => !Object.keys(world.sets).length)) {
      this.more.hidden = true;
      const all = others.length > 1 ? "All worlds" : "Both worlds";
      fill(this.differs, `${all} are the same so far. Change something in B, and see what comes of it.`);
      return;
    }
    const { lead, more } =
      others.length > 1 ? whatSeveral(worlds, seeds) : whatDiffers(a, others[0][1], seeds);
    const luck = same
      ? `Same people, same luck (seed ${a.seed}).`
      : `Other people, other luck: seeds ${[a, ...others.map(([, world]) => world)].map((world) => world.seed).join(" and ")}.`;
    fill(
      this.differs,
      el("strong", {}, lead),
      more.length ? ` ${more.slice(0, 2).join(" ")}` : "",
      el("em", {}, ` ${luck}`),
    );
  }

  /** The buttons that run what is shown under several seeds, or how far that is. */
  showMore(can) {
    this.more.hidden = !can || !this.tell.live;
    if (this.more.hidden) return;
    const asked = this.tell.asked();
    const under = this.tell.seeds.done(asked);
    if (under) {
      fill(this.more, el("em", { role: "status" }, `${under[0]} of ${under[1]} seeds ...`));
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
        title: `Run it under ${number} seeds: what is decided is then said in words, and charts have a band`,
        onclick: () => this.tell.seeds.ask(this.tell.asked(), number),
      },
      `${number} seeds`,
    );
  }
}
