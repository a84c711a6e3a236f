/** The panel of lives: those that were recorded, and one of them in sentences, in one world or both. */

import { el, fill } from "./dom.js";
import { apart, joined, sentence, yearMonth } from "./format.js";
import { tr, trNumber } from "./languages.js";
import { term } from "./vocabulary.js";

const SHOWN = 60;

/** @param {{home: Object, choose(migrant), failed(error)}} tell */
export class LivesPanel {
  constructor(tell) {
    this.tell = tell;
    this.door = el("select", { "aria-label": tr("Door of entry"), onchange: () => this.list() });
    this.which = el("select", {
      "aria-label": tr("Which lives"),
      onchange: () => {
        this.chosen = this.which.value;
        this.list();
      },
    });
    this.counted = el("p", { class: "note", role: "status" }, tr("Comes with the first run."));
    this.rows = el("ul", { class: "lives" });
    this.story = el("article", { class: "story", "aria-live": "polite", hidden: true });
    this.browse = el(
      "div",
      {},
      el("div", { class: "row which" }, this.which, this.door),
      this.counted,
      this.rows,
    );
    this.element = el("div", { class: "panel-body" }, this.story, this.browse);
    this.key = "";
    this.asked = 0;
    this.lives = null; // until they are read
  }

  /** Show what a state asks for; `worlds`: one or two. */
  async show(state, worlds, places) {
    const migrant = state.life;
    const key = `${worlds.map((world) => world.id).join(" ")} ${migrant} ${state.place}`;
    if (key === this.key) return;
    this.key = key;
    this.asked += 1;
    const asked = this.asked;
    this.places = places;
    this.place = state.place;
    try {
      if (migrant) await this.tellLife(migrant, worlds, asked);
      else await this.load(worlds, asked);
    } catch (error) {
      if (asked !== this.asked) return;
      this.key = "";
      this.tell.failed(error);
    }
  }

  async load(worlds, asked) {
    this.story.hidden = true;
    this.browse.hidden = false;
    this.worlds = worlds;
    this.lives = null;
    this.choices(worlds.length > 1, worlds[0].doors);
    this.list();
    const found = await Promise.all(worlds.map((world) => this.tell.home.lives(world.id)));
    if (asked !== this.asked) return;
    const other = found[1] ? new Map(found[1].lives.map((life) => [life.migrant, life])) : null;
    // Of a list that is a sample of all, who is missing may have come all the same.
    const missing = found[1] && found[1].total === found[1].lives.length ? null : undefined;
    this.lives = found[0].lives.map((life) => ({
      ...life,
      other: other ? (other.get(life.migrant) ?? missing) : undefined,
    }));
    this.total = found[0].total;
    this.choices(other !== null, [...new Set(this.lives.map((life) => life.door))]);
    this.list();
  }

  /** What the list can be narrowed to: kinds of lives, and `doors`. */
  choices(two, doors) {
    const kinds = [["all", tr("all lives")]];
    if (this.place !== null && this.place < this.places.size)
      kinds.push(["here", tr("last in {place}", { place: this.places.name[this.place] })]);
    if (two) kinds.push(["one", tr("helped in one world only")], ["differ", tr("different in A and B")]);
    kinds.push(
      ["needs", tr("had a need")],
      ["none", tr("had a need, never helped")],
      ["moved", tr("moved between places")],
    );
    fill(
      this.which,
      kinds.map(([value, words]) => el("option", { value }, words)),
    );
    // As long as nobody has chosen: of two worlds the lives that differ, if any does.
    const first = two && (this.lives || []).some(differs) ? "differ" : "all";
    this.which.value = kinds.some(([value]) => value === this.chosen) ? this.chosen : first;
    const door = this.door.value;
    fill(
      this.door,
      el("option", { value: "" }, tr("any door")),
      [...doors]
        .sort()
        .map((each) => el("option", { value: each }, term(this.worlds[0], "doors", each).label)),
    );
    this.door.value = doors.includes(door) ? door : "";
  }

  list() {
    if (!this.lives) {
      this.counted.textContent = tr("Reading the recorded lives ...");
      fill(this.rows);
      return;
    }
    const fits = {
      all: () => true,
      here: either((life) => life.place === this.place),
      one: (life) => life.other && life.met > 0 !== life.other.met > 0,
      differ: differs,
      needs: either((life) => life.needs > 0),
      none: either((life) => life.needs > 0 && life.met === 0),
      moved: either((life) => life.moves > 0),
    }[this.which.value || "all"];
    const found = this.lives.filter(
      (life) => fits(life) && (!this.door.value || life.door === this.door.value),
    );
    const first = found.slice(0, SHOWN);
    const told = { number: found.length, total: this.total, first: first.length };
    this.counted.textContent = !this.lives.length
      ? tr("No life was recorded in this run.")
      : found.length > first.length
        ? tr("{number} of {total} recorded lives, the first {first} are shown.", told)
        : tr("{number} of {total} recorded lives.", told);
    fill(
      this.rows,
      first.map((life) => el("li", {}, this.row(life))),
    );
  }

  row(life) {
    const span = (each) => {
      const [first, last] = [each.first, each.last].map((month) =>
        String(yearMonth(this.worlds[0].start, month)[0]),
      );
      return first === last ? first : `${first}–${last}`;
    };
    const place = (each) => this.places.name[each.place];
    const moves = (each) =>
      each.moves
        ? trNumber("moved once", "moved {number} times", each.moves, { number: each.moves })
        : tr("never moved");
    const helped = (each) =>
      !each
        ? tr("never came")
        : each.needs
          ? tr("{met} of {needs}", { met: each.met, needs: each.needs })
          : tr("none arose");
    const needs =
      life.other === undefined
        ? tr("needs with help: {number}", { number: helped(life) })
        : tr("needs with help: A {first}, B {other}", { first: helped(life), other: helped(life.other) });
    const where = [span, place].map((of) => inEach(life, of));
    if (life.moves || life.other?.moves) where.push(inEach(life, moves));
    const differs = life.other && [span, place, moves].some((of) => of(life) !== of(life.other));
    return el(
      "button",
      { type: "button", class: "life", onclick: () => this.tell.choose(life.migrant) },
      el("strong", {}, sentence(term(this.worlds[0], "doors", life.door).label)),
      " ", // for who hears or copies it: on the screen each stands on a line of its own
      el("span", {}, differs ? apart(where) : joined(where)),
      " ",
      el("span", {}, needs),
    );
  }

  async tellLife(migrant, worlds, asked) {
    this.browse.hidden = true;
    this.story.hidden = false;
    fill(this.story, el("p", { class: "note" }, tr("Reading ...")));
    const [a, b] = worlds;
    const { home } = this.tell;
    const told = await Promise.all([
      home.life(a.id, migrant, b ? b.id : undefined),
      b ? home.life(b.id, migrant, a.id).catch((error) => error) : null,
    ]);
    if (asked !== this.asked) return;
    const [first, second] = told;
    const back = el(
      "button",
      { type: "button", class: "quiet", onclick: () => this.tell.choose(null) },
      tr("← All lives"),
    );
    if (!b) {
      fill(
        this.story,
        back,
        el("h2", {}, tr("The life of migrant {number}", { number: migrant })),
        paragraphs(first),
        summary(first),
      );
      return;
    }
    const other = second instanceof Error ? null : second;
    fill(
      this.story,
      back,
      el("h2", {}, tr("The life of migrant {number}", { number: migrant })),
      el("p", { class: "parting" }, partingWords(first, other)),
      other && first.parting && first.parting.month !== null
        ? el(
            "button",
            {
              type: "button",
              onclick: () => this.story.querySelector(".lanes").scrollIntoView({ block: "start" }),
            },
            tr("Read on from there"),
          )
        : null,
      other ? sideBySide(first, other) : paragraphs(first),
    );
  }

  /** Which lives the list is to show next ("here"). */
  want(kind) {
    this.chosen = kind;
    this.key = "";
  }
}

/** Whether a life is another one in B, or is none there. */
function differs(life) {
  if (life.other === null) return true;
  return ["met", "needs", "moves", "end", "last"].some(
    (name) => life.other && life[name] !== life.other[name],
  );
}

/** Whether something holds of a life in any of the worlds that are compared. */
function either(holds) {
  return (life) => holds(life) || Boolean(life.other && holds(life.other));
}

/** What is to be told of a life: once, or of each world where it differs. */
function inEach(life, of) {
  const first = of(life);
  const other = life.other ? of(life.other) : first;
  return first === other ? first : tr("A {first}, B {other}", { first, other });
}

function partingWords(life, other) {
  if (!other) return tr("This person never came in world B.");
  if (!life.parting) return tr("This life is the same in both worlds.");
  return life.parting.text;
}

/** What is common once, and from the parting on both, one below the other. */
function sideBySide(life, other) {
  if (!life.parting || life.parting.month === null) return [paragraphs(life), summary(life)];
  const { month } = life.parting;
  const before = life.paragraphs.filter((each) => each.month < month);
  const after = (each) => ({
    ...each,
    paragraphs: each.paragraphs.filter((paragraph) => paragraph.month >= month),
  });
  const lane = (letter, each) =>
    el(
      "section",
      { class: `lane ${letter}` },
      el(
        "h3",
        {},
        el("span", { class: `badge ${letter}` }, letter.toUpperCase()),
        " ",
        tr("In world {letter}", { letter: letter.toUpperCase() }),
      ),
      paragraphs(after(each)),
      summary(each),
    );
  return [
    paragraphs({ paragraphs: before }),
    el("div", { class: "lanes" }, lane("a", life), lane("b", other)),
  ];
}

function paragraphs(life) {
  return el(
    "ol",
    { class: "events" },
    life.paragraphs.map(({ date, text }) => el("li", {}, el("time", {}, date), el("p", {}, text))),
  );
}

function summary(life) {
  return el("p", { class: "in-all" }, life.summary);
}
