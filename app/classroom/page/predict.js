/** The panel "Predict": say what will happen before you see it. */

import { el, fill, segmented, uniqueId } from "./dom.js";
import { flowing, sentence, signed, valued } from "./format.js";
import { later, shown, tr } from "./languages.js";
import { LESSONS } from "./lessons.js";
import { direction, outcome, outcomesOf } from "./outcomes.js";

const WAYS = { up: later("up"), same: later("about the same"), down: later("down") };
const AS_SAID = {
  up: later("As you said: up."),
  same: later("As you said: about the same."),
  down: later("As you said: down."),
};
const NOT_AS_SAID = {
  up: {
    same: later("You said up. It went: about the same."),
    down: later("You said up. It went: down."),
  },
  same: {
    up: later("You said about the same. It went: up."),
    down: later("You said about the same. It went: down."),
  },
  down: {
    up: later("You said down. It went: up."),
    same: later("You said down. It went: about the same."),
  },
};

/** @param {{open(lesson), ask(about), close(), own(ask, about), nextSeed(), revealed(), announce(text)}} tell */
export class PredictPanel {
  constructor(tell) {
    this.tell = tell;
    this.element = el(
      "div",
      { class: "panel-body predict" },
      el("p", { class: "empty" }, tr("Comes with the first run.")),
    );
    this.world = null;
    this.forget();
    this.key = "";
  }

  forget() {
    this.way = "";
    this.by = "";
    this.revealed = false;
    this.tried = new Map(); // seed -> what came of it
  }

  /** The world whose words the outcomes are told in. */
  setWords(world) {
    if (!this.world) this.shown = "";
    this.world = world;
  }

  /** The question that is asked in a state, or null. */
  question(state) {
    const lesson = LESSONS.find((each) => each.id === state.lesson);
    if (lesson) return { ...lesson, ...lesson.more.find((each) => each.about === state.about) };
    if (state.ask && outcome(state.about))
      return {
        id: "own",
        title: "Your question",
        question: state.ask,
        about: state.about,
        change: "",
        more: [],
        notice: "",
        further: "",
      };
    return null;
  }

  /** Whether world B is to be hidden: a question is asked and not answered yet. */
  veiled(state) {
    return Boolean(this.question(state)) && !this.revealed;
  }

  /** @param {Object|null} worlds both, where they are up to date */
  show(state, worlds, can) {
    if (!this.world) return;
    const asked = this.question(state);
    const name = asked ? `${asked.id} ${asked.question}` : "";
    if (name !== this.key) {
      this.forget();
      this.key = name;
    }
    if (!asked) {
      if (this.shown !== "list") fill(this.element, this.list(state, can));
      this.shown = "list";
      return;
    }
    if (!this.revealed) {
      if (this.shown !== name) fill(this.element, this.card(asked));
      this.shown = name;
      return;
    }
    this.shown = "result";
    fill(this.element, this.result(asked, state, worlds, can));
  }

  list(state, can) {
    const rows = can.run
      ? LESSONS.map((lesson) =>
          el(
            "li",
            {},
            el(
              "button",
              { type: "button", class: "lesson", onclick: () => this.tell.open(lesson) },
              el("strong", {}, lesson.title),
              " ",
              el("span", {}, lesson.question),
            ),
          ),
        )
      : [];
    return [
      el(
        "p",
        { class: "note" },
        "First say what you expect, then let it run. World B stays hidden until you have.",
      ),
      el("ul", { class: "lessons" }, rows),
      el("h2", {}, "A question of your own"),
      this.ownForm(),
    ];
  }

  /** The teacher's own question about A and B as they are set now; it goes into the link. */
  ownForm() {
    const ask = el("input", {
      type: "text",
      maxlength: 300,
      "aria-label": "Your question",
      placeholder: tr("What will change in B?"),
    });
    const about = el(
      "select",
      { "aria-label": "The outcome it is about" },
      outcomesOf(this.world).map((each) =>
        el("option", { value: each.key, title: each.label(this.world) }, sentence(each.short(this.world))),
      ),
    );
    const go = () => this.tell.own(ask.value.trim() || tr("What will change in B?"), about.value);
    return el(
      "form",
      {
        class: "own",
        onsubmit: (event) => {
          event.preventDefault();
          go();
        },
      },
      el(
        "p",
        { class: "note" },
        "Set the worlds A and B first. The link to this page then asks your question.",
      ),
      ask,
      about,
      el("button", { type: "submit" }, "Ask it"),
    );
  }

  card(asked) {
    const of = outcome(asked.about);
    const number = uniqueId("by");
    const ways = segmented(
      "Your prediction",
      Object.entries(WAYS).map(([way, words]) => [way, tr(words)]),
      (way) => {
        this.way = way;
        ways.show(way);
        go.disabled = false;
      },
    );
    const by = el("input", {
      id: number,
      type: "text",
      inputmode: "decimal",
      oninput: () => (this.by = by.value),
    });
    const go = el(
      "button",
      {
        type: "button",
        class: "primary",
        disabled: true,
        onclick: () => {
          this.revealed = true;
          this.tell.revealed();
        },
      },
      "Show world B",
    );
    const unit = of.unit.startsWith("share") ? tr("of 100") : shown(of.unit);
    return [
      el("h2", {}, asked.title),
      asked.change ? el("p", {}, asked.change) : null,
      el("p", { class: "question" }, asked.question),
      el(
        "p",
        { class: "note" },
        tr("Measured: {outcome}, in B against A.", { outcome: of.label(this.world) }),
      ),
      ways,
      el(
        "div",
        { class: "by" },
        el("label", { for: number }, "By how much? (if you like)"),
        el("span", {}, by, ` ${unit}`),
      ),
      el(
        "div",
        { class: "row" },
        go,
        el(
          "button",
          { type: "button", class: "quiet", onclick: () => this.tell.close() },
          "Another question",
        ),
      ),
      this.others(asked),
    ];
  }

  /** What else a lesson asks of the same two worlds. */
  others(asked) {
    const lesson = LESSONS.find((each) => each.id === asked.id);
    if (!lesson) return null;
    const all = [{ about: lesson.about, question: lesson.question }, ...lesson.more];
    const rest = all.filter((each) => each.question !== asked.question);
    return [
      el("h3", {}, "More questions on these two worlds"),
      el(
        "ul",
        { class: "lessons" },
        rest.map(({ about, question }) =>
          el(
            "li",
            {},
            el("button", { type: "button", class: "lesson", onclick: () => this.tell.ask(about) }, question),
          ),
        ),
      ),
    ];
  }

  result(asked, state, worlds, can) {
    const of = outcome(asked.about);
    const buttons = el(
      "div",
      { class: "row" },
      can.run
        ? el(
            "button",
            { type: "button", class: "primary", onclick: () => this.tell.nextSeed() },
            "Does it hold in another world?",
          )
        : null,
      el("button", { type: "button", class: "quiet", onclick: () => this.tell.close() }, "Another question"),
    );
    if (!worlds)
      return [
        el("h2", {}, asked.title),
        el("p", { class: "question" }, asked.question),
        el("p", { class: "note" }, "Running ..."),
      ];
    const before = of.value(worlds.a);
    const after = of.value(worlds.b);
    const way = direction(of, before, after);
    this.tried.set(state.seed, { way, by: after - before });
    const right = way === this.way;
    const verdict = tr(right ? AS_SAID[way] : NOT_AS_SAID[this.way][way]);
    const [first, other] = [before, after].map((value) => valued(value, of.unit));
    const told = { first, other, change: signed(after - before, of.unit) };
    const words = tr("{outcome}: {first} in A, {other} in B ({change}).", {
      ...told,
      outcome: sentence(of.short(worlds.a)),
    });
    if (this.told !== `${this.key} ${state.seed}`) this.tell.announce(flowing([verdict, words]));
    this.told = `${this.key} ${state.seed}`;
    const seeds = [...this.tried].map(([seed, found]) =>
      el("li", {}, tr("seed {seed}: {change}", { seed, change: signed(found.by, of.unit) })),
    );
    return [
      el("h2", {}, asked.title),
      asked.change ? el("p", {}, asked.change) : null,
      el("p", { class: "question" }, asked.question),
      el("p", { class: `verdict ${right ? "right" : "other"}` }, verdict),
      el("p", {}, words),
      this.by.trim() ? el("p", { class: "note" }, tr("Your number: {number}.", { number: this.by })) : null,
      asked.notice ? [el("h3", {}, "Look at"), el("p", {}, asked.notice)] : null,
      asked.further ? [el("h3", {}, "Try next"), el("p", {}, asked.further)] : null,
      el("h3", {}, "Worlds so far"),
      el("ul", { class: "seeds" }, seeds),
      buttons,
      this.others(asked),
    ];
  }
}
