/** The bar at the top: scenario, seed, one world or two, presentation, sharing. */

import { el, fill, segmented } from "./dom.js";

/** @param {{set(changes), scenario(name), nextSeed(), back(), again()}} tell */
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
        ["one", "One world"],
        ["two", "Two worlds"],
      ],
      (value) => tell.set({ two: value === "two" }),
    );
    this.present = el("button", {
      type: "button",
      class: "quiet",
      onclick: () => tell.set({ present: !this.on }),
    });
    const live = home.can.run;
    this.title = el("strong", { class: "fixed-title" }, home.title || "");
    this.element = el(
      "header",
      { class: "topbar" },
      el("span", { class: "brand" }, "Local citizenship"),
      live ? this.scenario : this.title,
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
      this.two,
      this.present,
      share.element,
    );
  }

  setScenarios(scenarios) {
    fill(
      this.scenario,
      scenarios.map(({ name, title, question }) => el("option", { value: name, title: question }, title)),
    );
  }

  /** The seed of what is shown, where it cannot be chosen. */
  showSeed(seed) {
    if (this.seedOnly) this.seedOnly.textContent = `Seed ${seed}`;
  }

  /** Whether there is something to take back, and something to take again. */
  showSteps(back, again) {
    this.back.disabled = !back;
    this.again.disabled = !again;
  }

  show(state, single) {
    this.on = state.present;
    if (this.scenario.value !== state.scenario) this.scenario.value = state.scenario;
    if (document.activeElement !== this.seed || this.seed.value === "") this.seed.value = state.seed;
    this.two.show(state.two ? "two" : "one");
    this.two.hidden = single;
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
