/** The bar at the top: scenario, seed, steps, how many worlds, presentation, sharing. */

import { el, fill, segmented } from "./dom.js";
import { tr } from "./languages.js";
import { worldsOf } from "./state.js";

/** @param {{set(changes), worlds(number), scenario(name), nextSeed(), back(), again()}} tell */
export class Topbar {
  constructor(tell, home, share) {
    this.scenario = el("select", {
      "aria-label": "Scenario",
      onchange: () => tell.scenario(this.scenario.value),
    });
    this.seed = el("input", {
      type: "text",
      inputmode: "numeric",
      class: "seed",
      "aria-label": "Seed",
      autocomplete: "off",
      onchange: () => tell.set({ seed: this.seed.value.trim() }),
    });
    this.next = el(
      "button",
      { type: "button", title: "The next seed: other people, other luck", onclick: () => tell.nextSeed() },
      "New world",
    );
    this.back = stepButton("↶", "Undo", "Take back the last change (Ctrl+Z)", () => tell.back());
    this.again = stepButton("↷", "Redo", "Change it again (Ctrl+Shift+Z)", () => tell.again());
    this.two = segmented(
      "How many worlds",
      [
        ["1", "1", "One world"],
        ["2", "2", "Two worlds"],
        ["3", "3", "Three worlds"],
        ["4", "4", "Four worlds"],
      ],
      (value) => tell.worlds(Number(value)),
    );
    this.present = el("button", {
      type: "button",
      class: "quiet present-button",
      onclick: () => tell.set({ present: !this.on }),
    });
    const live = home.can.run;
    this.title = el("strong", { class: "fixed-title" }, home.title || "");
    this.element = el(
      "header",
      { class: "topbar" },
      el("span", { class: "brand" }, tr("Local citizenship")),
      live ? this.scenario : this.title,
      el(
        "span",
        { class: "tools" },
        live
          ? el(
              "span",
              { class: "seed-box" },
              el("span", { "aria-hidden": "true" }, "Seed"),
              this.seed,
              this.next,
            )
          : (this.seedOnly = el("span", { class: "seed-box" })),
        el("span", { class: "steps", role: "group", "aria-label": "Steps" }, this.back, this.again),
        el("span", { class: "gap" }),
        el("span", { class: "many" }, el("span", { "aria-hidden": "true" }, "Worlds"), this.two),
        this.present,
        share.element,
      ),
    );
  }

  /** What there is to choose from, and which is `chosen`. */
  setScenarios(scenarios, chosen) {
    fill(
      this.scenario,
      scenarios.map(({ name, title, question }) => el("option", { value: name, title: question }, title)),
    );
    this.scenario.value = chosen;
  }

  /** The seed of what is shown, where it cannot be chosen. */
  showSeed(seed) {
    if (this.seedOnly) this.seedOnly.textContent = tr("Seed {seed}", { seed });
  }

  /** Whether there is something to take back, and something to take again. */
  showSteps(back, again) {
    this.back.disabled = !back;
    this.again.disabled = !again;
  }

  /** `most`: how many worlds there can be. */
  show(state, most) {
    this.on = state.present;
    if (this.scenario.value !== state.scenario) this.scenario.value = state.scenario;
    if (document.activeElement !== this.seed || this.seed.value === "") this.seed.value = state.seed;
    this.two.show(String(worldsOf(state).length));
    this.two.choices(["1", "2", "3", "4"].slice(0, most));
    this.two.parentElement.hidden = most === 1;
    this.present.textContent = state.present ? "Leave presentation" : "Present";
  }
}

function stepButton(sign, name, title, act) {
  return el(
    "button",
    { type: "button", class: "step", disabled: true, "aria-label": name, title, onclick: act },
    sign,
  );
}
