/** The whole page: its parts, and what one tells the others. */

import { chips } from "./chips.js";
import { yearOfMonth } from "./decode.js";
import { el, fill, say } from "./dom.js";
import { marksOf } from "./events.js";
import { flowing } from "./format.js";
import { listenToKeys } from "./keys.js";
import { shown as said, tr } from "./languages.js";
import { makeParts } from "./parts.js";
import { isSheet } from "./sheet.js";
import { FurtherSeeds } from "./seeds.js";
import { freshState, fromHash, Store, withWorlds, WORLDS, worldsOf } from "./state.js";
import { Steps } from "./steps.js";
import { Worlds } from "./worlds.js";

/**
 * Put the page into an element.
 * @param {HTMLElement} element
 * @param {Object} home where worlds come from (see PROTOCOL.md)
 * @param {{link?: boolean, scenario?: string, seed?: string}} options `link`: keep the state in the address
 * @returns {{store: Store, stats: Object, close: () => void}} `stats`: how often the maps
 *     were drawn (`redraws`), worlds came (`shown`), and which of these was drawn last (`drawn`)
 */
export function mount(element, home, options = {}) {
  const page = new Page(element, home, options);
  page.begin();
  element.page = page;
  return page;
}

const FINISHED = WORLDS.map((name) => `world${name.toUpperCase()}`); // which worlds of a hand-out

class Page {
  constructor(element, home, options) {
    this.home = home;
    this.options = options;
    this.stats = { redraws: 0, moments: 0, shown: 0, drawn: 0 };
    // A sheet begins closed, unless a link asks for a panel.
    const fresh = { ...freshState(), ...(options.link ? fromHash(location.hash) : {}) };
    if (isSheet() && fresh.panel === "change") fresh.panel = "";
    this.store = new Store(fresh);
    this.scenario = null;
    this.queued = false;
    this.ending = new AbortController();
    makeParts(this, element);
    this.worlds = new Worlds(home, {
      changed: (shown) => this.showWorlds(shown),
      busy: (name, progress) => this.stage.setBusy(name, progress),
      failed: (error, name, request) => this.failed(error, name, request),
    });
    this.seeds = new FurtherSeeds(home, {
      progress: () => this.lead.show(this.visible(), this.isVeiled()),
      changed: () => this.showWorlds(this.worlds.shown),
      failed: (error) => this.failed(error),
    });
    this.store.subscribe((state, changed) => this.changed(state, changed));
  }

  async begin() {
    this.watch();
    const { state } = this.store;
    this.showState(state, new Set(Object.keys(state)));
    try {
      if (this.home.can.run) {
        this.lead.wait(tr("Reading the scenario ..."));
        for (const name of worldsOf(state)) this.stage.setBusy(name, { step: "starting" });
        await this.beginLive(state);
      } else this.beginFinished(state);
    } catch (error) {
      this.failed(error);
    }
  }

  async beginLive(state) {
    const found = await this.home.scenarios();
    const known = found.scenarios.some(({ name }) => name === state.scenario);
    if (state.scenario && !known)
      this.failed(new Error(tr("there is no scenario {name} here", { name: state.scenario })));
    const name = known ? state.scenario : this.options.scenario || found.first;
    this.topbar.setScenarios(found.scenarios, name);
    const seed = state.seed || this.options.seed || (name === found.first ? found.seed : "");
    await this.changeScenario(name, { seed });
  }

  beginFinished(state) {
    const { worlds } = this.home;
    const known = (id) => worlds.some((world) => world.id === id);
    const a = known(state.worldA) ? state.worldA : worlds[0].id;
    const beside = worlds.find(
      (world) => world.id !== a && world.seed === worlds.find((each) => each.id === a).seed,
    );
    const b = known(state.worldB)
      ? state.worldB
      : (beside || worlds.find((world) => world.id !== a) || worlds[0]).id;
    const further = (id, i) =>
      known(id) ? id : (worlds.filter((world) => ![a, b].includes(world.id))[i] || worlds[0]).id;
    const [worldC, worldD] = [further(state.worldC, 0), further(state.worldD, 1)];
    this.store.set({ worldA: a, worldB: b, worldC, worldD, two: state.two && worlds.length > 1 });
    this.askForWorlds();
  }

  /** Another scenario: sliders and seed are its own, what was set over the old one is dropped. */
  async changeScenario(name, keep = null) {
    try {
      const scenario = await this.home.scenario(name);
      this.scenario = scenario;
      this.controls.setScenario(scenario);
      this.waitForWorlds();
      const seed = (keep && keep.seed) || (keep ? "" : this.store.state.seed) || scenario.settings.seed.value;
      const changes = { scenario: name, seed };
      if (!keep)
        Object.assign(changes, {
          a: {},
          b: {},
          c: null,
          d: null,
          month: null,
          place: null,
          life: null,
          months: null,
        });
      this.store.set(changes);
      this.showState(this.store.state, new Set(Object.keys(this.store.state)));
      this.askForWorlds();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Before the first world has come: what is asked, and that it is on its way. */
  waitForWorlds() {
    if (this.worlds.shown) return;
    const { question, title } = this.scenario;
    this.lead.setQuestion(this.predict.question(this.store.state)?.question || question || title);
    const { state } = this.store;
    const names = worldsOf(state);
    const same = names.length > 1 && names.every((name) => !Object.keys(state[name] || {}).length);
    this.lead.wait(
      same
        ? tr(
            "The first run is on its way, one for all worlds while nothing differs: maps and charts come with it.",
          )
        : tr("The first run is on its way: maps and charts come with it."),
    );
  }

  async openLesson(lesson) {
    if (this.store.state.scenario !== lesson.scenario) await this.changeScenario(lesson.scenario);
    this.store.set({
      lesson: lesson.id,
      ask: "",
      about: "",
      a: {},
      b: { ...lesson.b },
      ...withWorlds(this.store.state, 2),
      view: "pair",
    });
  }

  setParameter(world, path, value) {
    const sets = { ...this.store.state[world], [path]: value };
    const about = this.scenario.parameters.find((each) => each.path === path);
    if (about && about.value === value) delete sets[path];
    this.store.set({ [world]: sets });
  }

  nextSeed() {
    const { seed } = this.store.state;
    this.store.set({ seed: /^\d+$/.test(seed) ? String(BigInt(seed) + 1n) : "1" });
  }

  request(state, name) {
    if (!this.home.can.run) return { world: state[`world${name.toUpperCase()}`] };
    const request = { scenario: state.scenario, seed: state.seed, sets: state[name] };
    if (state.months !== null) request.months = state.months;
    return request;
  }

  askForWorlds() {
    if (this.home.can.run && !this.scenario) return;
    this.worlds.want(this.asked());
    if (this.worlds.upToDate) this.showWorlds(this.worlds.shown);
  }

  changed(state, changed) {
    this.showState(state, changed);
    if (["seed", "months", "two", ...WORLDS, ...FINISHED].some((name) => changed.has(name))) {
      this.clearError();
      this.askForWorlds();
    }
    if (["measure", "view", "lesson", "ask", "about"].some((name) => changed.has(name)))
      this.showWorlds(this.worlds.shown);
    if (!(changed.size === 1 && changed.has("month") && this.timebar.playing)) this.steps.settle();
  }

  /** What of the page follows from the state alone. */
  showState(state, changed) {
    const has = (...names) => names.some((name) => changed.has(name));
    if (has("month", "moves")) this.requestDraw();
    if (has("month") && changed.size === 1) return;
    this.topbar.show(state, this.most());
    if (!this.worlds.shown) this.stage.expect(worldsOf(state));
    this.root.classList.toggle("present", state.present);
    this.side.show(state.panel);
    this.sheet.show(isSheet() && state.panel !== "");
    this.controls.show(state);
    this.presets.show(state);
    this.viewBox.hidden = !state.two;
    this.view.show(state.view);
    if (has("two", "present", "panel")) this.resize();
    if (has("place", "panel", "life")) {
      this.showPlace();
      this.showLives();
    }
    if (has("panel", "lesson", "ask", "about")) this.showPrediction();
    this.showHeads();
    this.requestDraw();
  }

  /** Show worlds that have come. */
  showWorlds(shown) {
    if (!shown) return;
    const { state } = this.store;
    const { a, places, layout } = shown;
    this.root.classList.remove("first");
    if (this.places !== places) {
      this.places = places;
      this.stage.setPlaces(places, layout);
      this.placePanel.setPlaces(places);
      this.pointed = false;
      const about = [
        places.named ? tr("Simulated people: no number is an estimate for a town that exists.") : "",
        places.credit || "",
      ];
      say(this.credit, flowing(about));
      this.credit.hidden = !this.credit.textContent;
    }
    this.predict.setWords(a);
    const veiled = this.predict.veiled(state);
    this.years = yearOfMonth(a);
    this.fillMeasures(a);
    this.askFirst(a, places);
    const measure = a.measures[this.measure.value];
    const all = WORLDS.filter((name) => shown[name]).map((name) => [name, shown[name]]);
    this.scales = this.stage.setWorlds(all, measure, state.view);
    this.stage.setVeil(veiled && all.length > 1 ? "First say what you expect: open “Predict”." : null);
    this.timebar.setSpan(a.start, a.months, marksOf(a));
    this.showState(state, new Set(["two"]));
    const flows = this.withFlows(a);
    this.movesBox.hidden = !a.arrays.flows;
    this.moves.checked = flows;
    this.legend.show(measure, this.scales.scale, veiled ? null : this.scales.second, this.scales.most);
    const asked = this.asked();
    this.charts.setWorlds(this.visible(), (name) => this.seeds.seriesOf(asked, name));
    this.lead.setQuestion(this.predict.question(state)?.question || a.question || a.title);
    this.lead.show(this.visible(), this.isVeiled());
    this.showPlace();
    this.showLives();
    this.showPrediction();
    this.topbar.showSeed(a.seed);
    this.stats.shown += 1;
    this.resize();
  }

  withFlows(world) {
    if (!world.arrays.flows) return false;
    return this.store.state.moves ?? world.arrays.stock.width <= 12;
  }

  fillMeasures(world) {
    const names = Object.keys(world.measures).filter((name) => world.measures[name].map);
    const key = names.join();
    if (this.measureKey !== key) {
      this.measureKey = key;
      const option = (name) => el("option", { value: name }, world.measures[name].label);
      const services = names.filter((name) => name.startsWith("service_"));
      fill(
        this.measure,
        names.filter((name) => !services.includes(name)).map(option),
        el("optgroup", { label: "One service" }, services.map(option)),
      );
    }
    const wanted = this.store.state.measure;
    this.measure.value = names.includes(wanted) ? wanted : names[0];
  }

  /** Towns that exist are not coloured by what shames them, unless whoever asks has been told. */
  askFirst(world, places) {
    const wanted = this.measure.value;
    const asks = places.named && !this.pointed && world.measures[wanted].sensitive;
    this.warning.hidden = !asks;
    if (!asks) return;
    const { label } = world.measures[wanted];
    this.measure.value = Array.from(this.measure.options, (each) => each.value).find(
      (name) => !world.measures[name].sensitive,
    );
    const show = () => {
      this.pointed = true;
      this.showWorlds(this.worlds.shown);
    };
    fill(
      this.warning,
      el("p", {}, places.warning),
      el(
        "button",
        { type: "button", onclick: show },
        tr("Show {measure} all the same", { measure: said(label) }),
      ),
      el(
        "button",
        { type: "button", class: "quiet", onclick: () => this.store.set({ measure: this.measure.value }) },
        "Leave it",
      ),
    );
  }

  /** What all worlds are asked for now, by name; null where there is none. */
  asked() {
    const { state } = this.store;
    const names = worldsOf(state);
    return Object.fromEntries(
      WORLDS.map((name) => [name, names.includes(name) ? this.request(state, name) : null]),
    );
  }

  showHeads() {
    const { state } = this.store;
    for (const name of worldsOf(state)) {
      if (!this.home.can.run) {
        const world = this.home.worlds.find((each) => each.id === state[`world${name.toUpperCase()}`]);
        this.stage.setHead(name, world ? world.label : "", []);
        continue;
      }
      const made = this.scenario
        ? chips(this.scenario, state[name], (path) => this.dropParameter(name, path))
        : [];
      this.stage.setHead(name, made.length ? "" : "as the scenario has it", made);
    }
  }

  dropParameter(world, path) {
    const rest = { ...this.store.state[world] };
    delete rest[path];
    this.store.set({ [world]: rest });
  }

  showPlace() {
    const { state } = this.store;
    const { shown } = this.worlds;
    if (state.panel !== "place" || !shown) return;
    const month = this.month();
    const worlds = this.visible().map(([name, world]) => ({
      name: name.toUpperCase(),
      world,
      parameter: (path) => this.parameter(name, path),
    }));
    this.placePanel.show(state.place, worlds, month, this.years[month]);
    this.placeKey = this.years[month];
  }

  showLives() {
    const { state } = this.store;
    if (state.panel !== "lives" || !this.worlds.shown || !this.worlds.upToDate) return;
    // With another seed it is other people: there is no life to compare.
    const [first, ...others] = this.visible().map(([, world]) => world);
    const same = others.slice(0, 1).filter((world) => world.seed === first.seed);
    this.lives.show(state, [first, ...same], this.places);
  }

  /** The worlds that may be seen, with their names. */
  visible() {
    const { shown } = this.worlds;
    const seen = this.predict.veiled(this.store.state) ? ["a"] : WORLDS.filter((name) => shown[name]);
    return seen.map((name) => [name, shown[name]]);
  }

  /** Whether there are worlds that may not be seen yet. */
  isVeiled() {
    return this.predict.veiled(this.store.state) && worldsOf(this.store.state).length > 1;
  }

  parameter(name, path) {
    if (!this.scenario) return undefined;
    const sets = this.store.state[name];
    if (path in sets) return sets[path];
    const about = this.scenario.parameters.find((each) => each.path === path);
    return about ? about.value : undefined;
  }

  showPrediction() {
    const { shown } = this.worlds;
    const ready = shown && shown.b && this.worlds.upToDate;
    this.predict.show(this.store.state, ready ? shown : null, this.home.can);
  }

  failed(error, name = "", request = null) {
    if (error.name === "AbortError") return;
    // Another world may still come; but without the first, none is shown.
    if (!this.worlds.shown && (name === "a" || !this.worlds.onItsWay(name))) this.noWorlds();
    const told = { world: name.toUpperCase(), problem: said(error.message), hint: said(error.hint || "") };
    const problem = told.hint ? tr("{problem} ({hint}).", told) : tr("{parts}.", { parts: told.problem });
    const text =
      name && this.store.state.two ? tr("World {world}: {problem}", { ...told, problem }) : problem;
    const good = name && request ? this.worlds.good[name] : null;
    const undo =
      good && this.home.can.run
        ? el(
            "button",
            {
              type: "button",
              onclick: () =>
                this.store.set({ [name]: good.sets, seed: good.seed, months: good.months ?? null }),
            },
            "Take it back",
          )
        : null;
    const close = el("button", { type: "button", class: "quiet", onclick: () => this.clearError() }, "Close");
    fill(this.errors, el("p", {}, text), undo, close);
    this.errors.hidden = false;
  }

  /** Nothing is on its way any more. */
  noWorlds() {
    this.lead.wait("");
    for (const name of WORLDS) this.stage.setBusy(name, null);
  }

  clearError() {
    this.errors.hidden = true;
  }

  month() {
    const months = this.worlds.shown.a.months;
    const { month } = this.store.state;
    return month === null ? months - 1 : Math.min(month, months - 1);
  }

  requestDraw() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.draw();
    });
  }

  draw() {
    const { shown } = this.worlds;
    if (!shown || !this.root.isConnected) return;
    const { state } = this.store;
    const month = this.month();
    this.stage.draw(month, this.years[month], { place: state.place, flows: this.withFlows(shown.a) });
    this.charts.setMonth(month);
    if (!this.timebar.playing) this.stage.drawMoment(null, 0);
    this.timebar.happening.show(shown.a, month, this.timebar.playing ? state.speed : 0);
    this.timebar.show(month, state.speed);
    if (this.placeKey !== this.years[month] && !this.timebar.playing) this.showPlace();
    this.stats.redraws += 1;
    this.stats.drawn = this.stats.shown;
  }

  /** While it plays: a moment between two months; null when it stops. */
  showMoment(moment) {
    if (!this.worlds.shown) return;
    this.charts.setPlaying(moment !== null);
    this.stage.drawMoment(moment, this.store.state.speed);
    this.stats.moments += 1;
  }

  /** Draw at once with so many pixels for each of the page's; `resize` brings the usual number back. */
  drawSharp(ratio) {
    this.stage.size(ratio);
    this.charts.size(ratio);
    this.draw();
  }

  resize() {
    if (!this.root.isConnected) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.stage.size(ratio);
    this.charts.size(ratio);
    this.requestDraw();
  }

  watch() {
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.main);
    const { signal } = this.ending;
    listenToKeys(this, this.options.link ? document : this.root, signal);
    this.steps = new Steps(this, {
      link: Boolean(this.options.link),
      signal,
      changed: (back, on) => this.topbar.showSteps(back, on),
    });
  }

  /** Bring a link's state back. */
  async follow(state) {
    const { store } = this;
    if (this.home.can.run && state.scenario && state.scenario !== store.state.scenario)
      await this.changeScenario(state.scenario);
    const kept = Object.fromEntries(
      ["scenario", "seed", ...FINISHED].map((name) => [name, state[name] || store.state[name]]),
    );
    store.set({ ...state, ...kept, scenario: store.state.scenario });
  }

  /** How many worlds there can be. */
  most() {
    return this.home.can.run ? WORLDS.length : Math.min(WORLDS.length, this.home.worlds.length);
  }

  /** Show so many worlds. */
  setNumber(number) {
    if (number <= this.most()) this.store.set(withWorlds(this.store.state, number));
  }

  /** End the page: runs, listeners. */
  close() {
    this.timebar.stop();
    this.worlds.close();
    this.observer.disconnect();
    this.ending.abort();
    this.steps.close();
  }
}
