/** The panel of a place: what it offers, to whom, and why it decided so, in one world or both. */

import { el, fill, uniqueId } from "./dom.js";
import { apart, count, flowing, joined, number, percent, sentence } from "./format.js";
import { tr, trNumber } from "./languages.js";
import { fullName, plain, searchNames } from "./names.js";
import { term } from "./vocabulary.js";

/** @param {{choose(place), lives(place), export()}} tell */
export class PlacePanel {
  constructor(tell) {
    this.tell = tell;
    this.options = el("datalist", { id: uniqueId("places") });
    this.search = el("input", {
      type: "search",
      list: this.options.id,
      placeholder: "name of a place",
      "aria-label": "Find a place",
      autocomplete: "off",
      onchange: () => this.find(),
    });
    this.missing = el("p", { class: "note", role: "status" });
    this.body = el("div", { class: "place" });
    this.element = el("div", { class: "panel-body" }, this.search, this.options, this.missing, this.body);
  }

  setPlaces(places) {
    this.places = places;
    fill(
      this.options,
      (this.names = searchNames(places)).map((name) => el("option", { value: name })),
    );
    this.search.value = "";
  }

  find() {
    const wanted = plain(this.search.value.trim());
    if (!wanted) return;
    const names = this.names.map(plain);
    const local = (this.places.name_local || []).map(plain);
    const ways = [
      [names, (name) => name === wanted],
      [names, (name) => name.startsWith(wanted)],
      [names, (name) => name.includes(wanted)],
      [local, (name) => name.startsWith(wanted)],
    ];
    let found = -1;
    for (const [among, fits] of ways) if (found < 0) found = this.largest(among, fits);
    this.missing.textContent =
      found < 0 ? tr("No place here is called “{name}”.", { name: this.search.value.trim() }) : "";
    if (found >= 0) this.tell.choose(found);
  }

  /** Of the places whose name fits the one with most residents; -1 if none does. */
  largest(names, fits) {
    const size = (place) => this.places.population[place];
    return names.reduce(
      (best, name, place) => (fits(name) && (best < 0 || size(place) > size(best)) ? place : best),
      -1,
    );
  }

  /**
   * @param {number|null} place
   * @param {Array<{name: string, world: Object, parameter: (path: string) => any}>} worlds
   */
  show(place, worlds, month, year) {
    const { places } = this;
    if (place === null || !places || place >= places.size) {
      fill(this.body, el("p", { class: "empty" }, "Click a place on the map, or write its name above."));
      return;
    }
    const two = worlds.length > 1;
    const migrants = worlds.map(({ world }) => at(world, "stock", month, place));
    const people = joined(
      worlds.map(({ name }, i) => tr("{value} in {world}", { value: count(migrants[i]), world: name })),
    );
    const residents = places.population[place];
    fill(
      this.body,
      el("h2", { class: "place-name" }, fullName(places, place)),
      el(
        "p",
        { class: "note" },
        [
          places.regionName(place),
          trNumber("{number} resident", "{number} residents", residents, { number: count(residents) }),
          two
            ? tr("migrants: {values}", { values: people })
            : trNumber("{number} migrant", "{number} migrants", migrants[0], { number: count(migrants[0]) }),
        ]
          .filter(Boolean)
          .join(" · "),
      ),
      places.synthetic ? el("p", { class: "note" }, "A synthetic municipality: no real town.") : null,
      places.named ? el("p", { class: "note" }, "Simulated: no estimate for this town.") : null,
      el("h3", {}, tr("What it offers in {year}", { year: worlds[0].world.years[year] })),
      services(worlds, place, year),
      observed(places, worlds, place),
      el("h3", {}, "Why it decided so"),
      worlds.map(({ name, world, parameter }) =>
        el(
          "div",
          { class: `why ${two ? name.toLowerCase() : ""}` },
          two ? el("span", { class: `badge ${name.toLowerCase()}` }, name) : null,
          reasons(world, place, year, parameter).map((text) => el("p", {}, text)),
        ),
      ),
      el("h3", {}, "Needs met here"),
      worlds.map(({ name, world }) =>
        el(
          "p",
          {},
          two ? el("span", { class: `badge ${name.toLowerCase()}` }, name) : null,
          needs(world, place, year),
        ),
      ),
      this.tell.can.lives
        ? el("button", { type: "button", onclick: () => this.tell.lives(place) }, "Lives recorded here")
        : null,
    );
  }
}

/** What was seen of services here, beside what they are in each world; null where nothing was. */
function observed(places, worlds, place) {
  const seen = (places.observed || []).filter((each) => each.place === place);
  if (!seen.length) return null;
  const rows = seen.map(({ service, date, observed: there }) => {
    const simulated = worlds.map(({ name, world }) => {
      // Levels are those of a December: of the year before, for a date within one.
      const year = Number(date.slice(0, 4)) - (date.length > 4 && date.slice(5) !== "12" ? 1 : 0);
      const at = world.years.indexOf(year);
      const own =
        at < 0 ? tr("not simulated") : percent(level(world, at, place, world.services.indexOf(service)));
      return worlds.length > 1
        ? tr("{value} in {world}", { value: own, world: name })
        : tr("{value} here", { value: own });
    });
    const told = {
      service: sentence(term(worlds[0].world, "services", service).words),
      date,
      seen: percent(there),
      simulated: joined(simulated),
    };
    return el("li", {}, tr("{service}, {date}: {seen} seen, {simulated}", told));
  });
  return [el("h3", {}, "What was observed"), el("ul", { class: "observed" }, rows)];
}

/** Each service: level now, a strip over the years for each world, and whether it is open to all. */
function services(worlds, place, year) {
  const names = worlds[0].world.services;
  const rows = names.map((name, service) => {
    const strips = worlds.map(({ name: letter, world }) => {
      const levels = world.years.map((_, each) => level(world, each, place, service));
      const value = joined(levels.map((each, i) => `${world.years[i]} ${percent(each)}`));
      const strip = el("div", {
        class: "levels",
        role: "img",
        "aria-label": tr("in {world}: {value}", { world: letter, value }),
      });
      strip.append(timeStrip(levels, world.years));
      const mark = el("i", {});
      mark.style.left = `${((year + 0.5) / levels.length) * 100}%`;
      strip.append(mark);
      return el(
        "div",
        { class: "strip-row" },
        worlds.length > 1 ? el("span", { class: "letter" }, letter) : null,
        strip,
        el("b", {}, levels[year] > 0 ? percent(levels[year]) : "–"),
      );
    });
    const { colour, label, definition } = term(worlds[0].world, "services", name);
    const key = el("i", { class: "key" });
    key.style.background = colour;
    return el(
      "li",
      { title: definition },
      el(
        "div",
        { class: "service" },
        el("span", {}, key, sentence(label)),
        whom(worlds, place, year, service),
      ),
      strips,
    );
  });
  const [first, last] = [worlds[0].world.years[0], worlds[0].world.years.at(-1)];
  const ends = el(
    "div",
    { class: "strip-row strip-ends", "aria-hidden": "true" },
    worlds.length > 1 ? el("span", { class: "letter" }, "A") : null,
    el("div", {}, el("span", {}, first), el("span", {}, "the years"), el("span", {}, last)),
    el("b", {}, worlds[0].world.years[year]),
  );
  return [ends, el("ul", { class: "services" }, rows)];
}

/** To whom the service is open here, if it is offered; letter by letter where the worlds differ. */
function whom(worlds, place, year, service) {
  const told = worlds.map(({ name, world }) => [
    name,
    level(world, year, place, service) > 0 ? access(world, year, place, service) : undefined,
  ]);
  const words = told.map(([name, open]) => [
    name,
    open === undefined ? "" : open ? tr("open to the unauthorised too") : tr("not open to the unauthorised"),
  ]);
  if (words.every(([, text]) => text === words[0][1])) return words[0][1] ? el("em", {}, words[0][1]) : null;
  return el(
    "em",
    {},
    apart(words.filter(([, text]) => text).map(([name, value]) => tr("{name}: {value}", { name, value }))),
  );
}

/** Whether a service is open to the unauthorised here; undefined if not told. */
function access(world, year, place, service) {
  if (!world.arrays.access) return undefined;
  return ((yearly(world, "access", year, place) >> service) & 1) === 1;
}

/** Levels over the years as a stepped line with its area, and a fine line at each tenth year. */
function timeStrip(levels, years) {
  const draw = (name, attributes) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [each, value] of Object.entries(attributes)) shape.setAttribute(each, value);
    return shape;
  };
  const wide = levels.length;
  const strip = draw("svg", { viewBox: `0 0 ${wide} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
  years.forEach((year, i) => {
    if (year % 10 === 0 && i > 0) strip.append(draw("path", { class: "decade", d: `M${i} 0V1` }));
  });
  const steps = levels.map((value, i) => {
    const down = (1 - 0.94 * (value > 0 ? Math.min(1, value) : 0)).toFixed(3);
    return `${i ? "L" : "M"}${i} ${down}H${i + 1}`;
  });
  const line = steps.join("");
  strip.append(draw("path", { class: "area", d: `${line}V1H0Z` }), draw("path", { class: "line", d: line }));
  return strip;
}

/** The decision in sentences: what it wanted, what it could pay, what its NGOs and neighbours did. */
function reasons(world, place, year, parameter) {
  const of = (name) => yearly(world, name, year, place);
  const thresholds = world.services
    .map((name) => [name, parameter(`services.${name}.threshold`)])
    .filter(([, value]) => value !== undefined);
  const past = thresholds.filter(([, value]) => of("motivation") > value).length;
  const texts = [
    flowing([
      drive(world, place, year),
      thresholds.length ? wants(world, past, thresholds, of("motivation"), offers(world, year, place)) : "",
    ]),
    money(of, past, parameter("city.revenue_limits") !== false),
    offices(of("ngos")),
  ];
  if (world.arrays.firewall && of("firewall") > 0)
    texts.push(tr("Its offices keep from reporting to immigration control: a firewall."));
  if (of("tension") > 0.005)
    texts.push(tr("Tension between neighbours stood at {number} of 1.", { number: number(of("tension")) }));
  return texts;
}

function drive(world, place, year) {
  const rank = shareBelow(world, year, place);
  const told = { number: number(yearly(world, "motivation", year, place)), share: percent(rank) };
  if (world.arrays.motivation.shape[1] > 20 && rank === 0)
    return tr("Its motivation to act was {number}; no place had less.", told);
  return world.arrays.motivation.shape[1] > 20 && Number.isFinite(rank)
    ? tr("Its motivation to act was {number}, more than {share} of places.", told)
    : tr("Its motivation to act was {number}.", told);
}

function money(of, past, limits) {
  const [budget, spent, grant] = ["budget", "spent", "grant"].map(of);
  const told = { budget: number(budget), spent: number(spent), share: percent(spent / budget) };
  return flowing([
    budget > 0
      ? tr("It could spend {budget} million yen a year and spent {spent} ({share}).", told)
      : tr("It could spend {budget} million yen a year and spent {spent}.", told),
    grant > 0.005
      ? tr("Of what it had, {number} million yen came from the state.", { number: number(grant) })
      : "",
    spent > 0.9 * budget && limits
      ? tr("Money was the limit.")
      : past > 0 && spent < 0.5 * budget
        ? tr("Money was not the limit.")
        : "",
  ]);
}

function offices(number) {
  if (!(number > 0)) return tr("No NGO had an office here.");
  return trNumber(
    "One NGO had an office here, to help and to press the city.",
    "{number} NGO offices were here, to help and to press the city.",
    number,
    { number: count(number) },
  );
}

/** Whether a place offers any service. */
function offers(world, year, place) {
  return world.services.some((_, service) => level(world, year, place, service) > 0);
}

/** How many services a motivation is enough for; what a city has beyond it rests on habit, other cities, the nation. */
function wants(world, past, thresholds, motivation, offered) {
  if (past === thresholds.length) return tr("That is enough to want every service.");
  const next = thresholds.filter(([, value]) => motivation <= value).sort((one, two) => one[1] - two[1])[0];
  const told = {
    past,
    all: thresholds.length,
    next: term(world, "services", next[0]).words,
    number: number(next[1]),
  };
  if (past === 0 && offered)
    return tr(
      "By itself that is too little to begin any service: the first, {next}, would take {number}. What it offers it " +
        "keeps from before, or owes to other cities or the nation.",
      told,
    );
  return past === 0
    ? tr("That is too little to want any service: the first, {next}, would take {number}.", told)
    : tr("That is enough to want {past} of {all} services; the next, {next}, would take {number}.", told);
}

function needs(world, place, year) {
  const told = (name) => yearly(world, name, year, place);
  const when = world.years[year];
  const [met, unmet, without] = ["needs_met", "unmet_rate", "unauthorised"].map(told);
  return flowing([
    Number.isFinite(met)
      ? tr("{share} of needs were met in {year}.", { share: percent(met), year: when })
      : tr("Too few needs in {year} to tell.", { year: when }),
    Number.isFinite(unmet)
      ? tr("{number} went unmet per 1,000 person-years.", { number: number(unmet) })
      : "",
    Number.isFinite(without) ? tr("{share} of migrants were unauthorised.", { share: percent(without) }) : "",
  ]);
}

function shareBelow(world, year, place) {
  const packed = world.arrays.motivation;
  const places = packed.shape[1];
  const own = packed.at(year * places + place);
  let below = 0;
  for (let each = 0; each < places; each += 1) if (packed.at(year * places + each) < own) below += 1;
  return below / places;
}

function level(world, year, place, service) {
  const packed = world.arrays.services;
  return packed.at((year * packed.shape[1] + place) * packed.shape[2] + service);
}

function yearly(world, name, year, place) {
  const packed = world.arrays[name];
  return packed.at(year * packed.shape[1] + place);
}

function at(world, name, month, place) {
  const packed = world.arrays[name];
  return packed.at(Math.min(month, world.months - 1) * packed.width + place);
}
