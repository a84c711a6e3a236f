/** The parts of the page, and how they lie in it. */

import { aboutPanel } from "./about.js";
import { Charts } from "./charts.js";
import { ChooseWorlds } from "./choose-worlds.js";
import { Controls } from "./controls.js";
import { el, fill, say, segmented } from "./dom.js";
import { Lead } from "./lead.js";
import { Legend } from "./legend.js";
import { LivesPanel } from "./life.js";
import { picture } from "./picture.js";
import { PlacePanel } from "./place.js";
import { PredictPanel } from "./predict.js";
import { Presets } from "./presets.js";
import { Share } from "./share.js";
import { isSheet, Sheet } from "./sheet.js";
import { Side } from "./side.js";
import { Stage } from "./stage.js";
import { toHash, withWorlds, worldsOf } from "./state.js";
import { Timebar } from "./timebar.js";
import { Topbar } from "./topbar.js";

/** Make the parts of `page` (see mount.js), each with what it may ask of it, and put them into `element`. */
export function makeParts(page, element) {
  const set = (changes) => page.store.set(changes);
  const { home } = page;
  page.live = el("div", { class: "unseen", "aria-live": "polite" });
  const announce = (text) => say(page.live, text);
  const failed = (error) => page.failed(error);
  page.share = new Share({
    home,
    failed,
    announce,
    link: () => (page.options.link ? `${location.href.replace(/#.*/, "")}#${toHash(page.store.state)}` : ""),
    names: () => worldsOf(page.store.state),
    worlds: () => page.worlds.shown,
    request: (name) => page.request(page.store.state, name),
    picture: () => picture(page),
  });
  page.topbar = new Topbar(
    {
      set,
      worlds: (number) => page.setNumber(number),
      scenario: (name) => page.changeScenario(name),
      nextSeed: () => page.nextSeed(),
      back: () => page.steps.back(),
      again: () => page.steps.on(),
    },
    home,
    page.share,
  );
  page.stage = new Stage({
    choose: (place) => set({ place, panel: "place" }),
    announce,
    redraw: () => page.requestDraw(),
  });
  page.timebar = new Timebar({
    month: (month) => set({ month }),
    moment: (moment) => page.showMoment(moment),
    speed: (speed) => set({ speed }),
    announce,
  });
  page.charts = new Charts((month) => set({ month }));
  page.legend = new Legend();
  page.measure = el("select", {
    "aria-label": "Colour of the map",
    onchange: () => set({ measure: page.measure.value }),
  });
  page.view = segmented(
    "Worlds beside A",
    [
      ["pair", "as is", "Other worlds as they are"],
      ["difference", "− A", "Other worlds less A"],
    ],
    (view) => set({ view }),
  );
  page.moves = el("input", { type: "checkbox", onchange: () => set({ moves: page.moves.checked }) });
  page.movesBox = el(
    "label",
    {
      class: "moves",
      hidden: true,
      title: "Moves between places in the year: the wider the more, thinning out to where they lead",
    },
    page.moves,
    "Moves",
  );
  page.viewBox = el("span", { class: "view" }, el("span", { "aria-hidden": "true" }, "Beside A:"), page.view);
  page.lead = new Lead({
    seeds: {
      known: (asked) => page.seeds.known(asked),
      done: (asked) => page.seeds.done(asked),
      ask: (...how) => page.seeds.ask(...how),
    },
    asked: () => page.asked(),
    live: home.can.run,
  });
  page.warning = el("div", { class: "warning", role: "alert", hidden: true });
  page.credit = el("p", { class: "note credit", hidden: true });
  page.errors = el("div", { class: "errors", role: "alert", hidden: true });
  page.controls = home.can.run
    ? new Controls({
        change: (world, path, value) => page.setParameter(world, path, value),
        reset: (world) => set({ [world]: {} }),
        copy: (world) => set({ [world]: { ...page.store.state.a } }),
      })
    : new ChooseWorlds(home.worlds, set);
  page.predict = new PredictPanel({
    announce,
    open: (lesson) => page.openLesson(lesson),
    ask: (about) => set({ about }),
    close: () => set({ lesson: "", ask: "", about: "" }),
    own: (ask, about) => set({ lesson: "", ask, about, ...withWorlds(page.store.state, 2) }),
    nextSeed: () => page.nextSeed(),
    revealed: () => page.showWorlds(page.worlds.shown),
  });
  page.presets = new Presets({
    state: () => page.store.state,
    set,
    follow: (state) => page.follow(state),
    announce,
  });
  page.controls.element.append(page.presets.form);
  page.placePanel = new PlacePanel({
    can: home.can,
    choose: (place) => set({ place }),
    lives: (place) => {
      page.lives.want("here");
      set({ place, panel: "lives", life: null });
    },
  });
  page.lives = new LivesPanel({ home, failed, choose: (life) => set({ life }) });
  page.side = new Side(
    [
      ["change", "What if", page.controls.element],
      ["predict", "Predict", page.predict.element],
      ["place", "Place", page.placePanel.element],
      ...(home.can.lives ? [["lives", "Lives", page.lives.element]] : []),
      ["about", "Info", aboutPanel()],
    ],
    (panel) => set({ panel }),
  );
  const toolbar = el(
    "div",
    { class: "toolbar" },
    el("label", { class: "colour" }, el("span", {}, "Colour"), page.measure),
    page.legend.element,
    el("span", { class: "gap" }),
    page.viewBox,
    page.stage.areas.element,
    page.movesBox,
  );
  page.main = el(
    "main",
    { class: "main", tabindex: -1 },
    el("div", { class: "head" }, page.lead.element, page.presets.bar, page.errors, page.warning),
    page.stage.element,
    page.credit,
    toolbar,
    page.timebar.element,
    page.charts.element,
  );
  const skip = el(
    "button",
    { type: "button", class: "skip", onclick: () => page.main.focus() },
    "Skip to the maps",
  );
  const body = el("div", { class: "body" }, page.side.element, page.main);
  page.root = el("div", { class: "lc first" }, skip, page.topbar.element, body, page.live);
  fill(element, page.root);
  page.sheet = new Sheet(
    page.side.element,
    body,
    { close: () => set({ panel: "" }), moved: () => page.root.classList.toggle("touch", isSheet()) },
    page.ending.signal,
  );
}
