/** Settings that were kept under a name: they travel in the link, and are a press away, in a presentation too. */

import { el, fill } from "./dom.js";
import { tr } from "./languages.js";
import { freshState, fromHash, MOST_PRESETS, toHash } from "./state.js";

// What a kept setting leaves as it is: where one is in time, and what is open.
const LEFT_ALONE = ["month", "speed", "panel", "place", "life", "present", "moves", "presets"];

/** @param {{state(), set(changes), follow(state), announce(text)}} tell */
export class Presets {
  constructor(tell) {
    this.tell = tell;
    this.bar = el("div", { class: "presets", role: "group", "aria-label": "Kept settings", hidden: true });
    this.name = el("input", {
      type: "text",
      maxlength: 40,
      "aria-label": "Name for what is set now",
      placeholder: "such as: without fear",
      autocomplete: "off",
    });
    this.list = el("ul", { class: "kept" });
    this.form = el(
      "form",
      {
        class: "keep",
        onsubmit: (event) => {
          event.preventDefault();
          this.keep(this.name.value.trim());
        },
      },
      el("h2", {}, "Keep what is set"),
      el("p", { class: "note" }, "Under a name it becomes a button above the maps, and goes into the link."),
      el("div", { class: "row" }, this.name, el("button", { type: "submit" }, "Keep")),
      this.list,
    );
  }

  keep(typed) {
    const name = typed.replaceAll("|", "/");
    const { presets } = this.tell.state();
    if (!name) {
      this.name.focus();
      return;
    }
    const others = presets.filter((each) => each.name !== name);
    const link = linkOf(this.tell.state());
    this.tell.set({ presets: [...others, { name, link }].slice(-MOST_PRESETS) });
    this.name.value = "";
    this.tell.announce(tr("Kept as {name}.", { name }));
  }

  drop(name) {
    const { presets } = this.tell.state();
    this.tell.set({ presets: presets.filter((each) => each.name !== name) });
  }

  /** Set everything as it was kept. */
  bringBack(link) {
    const now = this.tell.state();
    const same = Object.fromEntries(LEFT_ALONE.map((name) => [name, now[name]]));
    this.tell.follow({ ...fromHash(link), ...same });
  }

  show(state) {
    const { presets } = state;
    const link = linkOf(state);
    const key = `${JSON.stringify(presets)} ${link}`;
    if (key === this.key) return;
    this.key = key;
    this.bar.hidden = !presets.length;
    fill(
      this.bar,
      presets.map((each) =>
        el(
          "button",
          {
            type: "button",
            "aria-pressed": String(each.link === link),
            onclick: () => this.bringBack(each.link),
          },
          each.name,
        ),
      ),
    );
    fill(
      this.list,
      presets.map(({ name }) =>
        el(
          "li",
          {},
          el("span", {}, name),
          el(
            "button",
            {
              type: "button",
              class: "quiet",
              "aria-label": tr("Forget {name}", { name }),
              onclick: () => this.drop(name),
            },
            "Forget",
          ),
        ),
      ),
    );
  }
}

/** What is set, without what a kept setting leaves alone. */
function linkOf(state) {
  const fresh = freshState();
  return toHash({ ...state, ...Object.fromEntries(LEFT_ALONE.map((name) => [name, fresh[name]])) });
}
