/** The panel of a place: what it offers, to whom, and why it decided so, in one world or both. */

import { el, fill, uniqueId } from "./dom.js";
import { count, listed, number, percent, sentence } from "./format.js";
import { fullName, plain, searchNames } from "./names.js";
import { term, unauthorised } from "./vocabulary.js";

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
    let found = names.indexOf(wanted);
    if (found < 0) found = names.findIndex((name) => name.startsWith(wanted));
    if (found < 0) found = names.findIndex((name) => name.includes(wanted));
    if (found < 0 && this.places.name_local)
      found = this.places.name_local.findIndex((name) => plain(name).startsWith(wanted));
    this.missing.textContent = found < 0 ? `No place here is called “${this.search.value.trim()}”.` : "";
    if (found >= 0) this.tell.choose(found);
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
    const people = worlds
      .map(({ name, world }) => `${count(at(world, "stock", month, place))}${two ? ` in ${name}` : ""}`)
      .join(", ");
    fill(
      this.body,
      el("h3", { class: "place-name" }, fullName(places, place)),
      el(
        "p",
        { class: "note" },
        [
          places.regionName(place),
          `${count(places.population[place])} residents`,
          two ? `migrants: ${people}` : `${people} migrants`,
        ]
          .filter(Boolean)
          .join(" · "),
      ),
      places.synthetic ? el("p", { class: "note" }, "A synthetic municipality: no real town.") : null,
      places.named ? el("p", { class: "note" }, "Simulated: no estimate for this town.") : null,
      el("h4", {}, `What it offers in ${worlds[0].world.years[year]}`),
      services(worlds, place, year),
      observed(places, worlds, place),
      el("h4", {}, "Why it decided so"),
      worlds.map(({ name, world, parameter }) =>
        el(
          "div",
          { class: `why ${two ? name.toLowerCase() : ""}` },
          two ? el("span", { class: `badge ${name.toLowerCase()}` }, name) : null,
          reasons(world, place, year, parameter).map((text) => el("p", {}, text)),
        ),
      ),
      el("h4", {}, "Needs met here"),
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
        at < 0 ? "not simulated" : percent(level(world, at, place, world.services.indexOf(service)));
      return worlds.length > 1 ? `${own} in ${name}` : `${own} here`;
    });
    const words = sentence(term(worlds[0].world, "services", service).words);
    return el("li", {}, `${words}, ${date}: ${percent(there)} seen, ${simulated.join(", ")}`);
  });
  return [el("h4", {}, "What was observed"), el("ul", { class: "observed" }, rows)];
}

/** Each service: level now, a strip over the years for each world, and whether it is open to all. */
function services(worlds, place, year) {
  const names = worlds[0].world.services;
  const rows = names.map((name, service) => {
    const strips = worlds.map(({ name: letter, world }) => {
      const levels = world.years.map((_, each) => level(world, each, place, service));
      const told = levels.map((value, i) => `${world.years[i]} ${percent(value)}`).join(", ");
      const strip = el("div", { class: "levels", role: "img", "aria-label": `${letter}: ${told}` });
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
    open === undefined ? "" : open ? "open to the unauthorised too" : "not open to the unauthorised",
  ]);
  if (words.every(([, text]) => text === words[0][1])) return words[0][1] ? el("em", {}, words[0][1]) : null;
  return el(
    "em",
    {},
    words
      .filter(([, text]) => text)
      .map(([name, text]) => `${name}: ${text}`)
      .join("; "),
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
  const motivation = yearly(world, "motivation", year, place);
  const budget = yearly(world, "budget", year, place);
  const spent = yearly(world, "spent", year, place);
  const grant = yearly(world, "grant", year, place);
  const ngos = yearly(world, "ngos", year, place);
  const tension = yearly(world, "tension", year, place);
  const texts = [];
  const rank = shareBelow(world, year, place);
  const thresholds = world.services
    .map((name) => [name, parameter(`services.${name}.threshold`)])
    .filter(([, value]) => value !== undefined);
  const past = thresholds.filter(([, value]) => motivation > value).length;
  const place_ =
    world.arrays.motivation.shape[1] > 20 && Number.isFinite(rank)
      ? `, more than ${percent(rank)} of places`
      : "";
  texts.push(
    [
      `Its motivation to act was ${number(motivation)}${place_}.`,
      ...(thresholds.length ? [wants(world, past, thresholds, motivation)] : []),
    ].join(" "),
  );
  let money = `It could spend ${number(budget)} million yen a year and spent ${number(spent)}`;
  if (budget > 0) money += ` (${percent(spent / budget)})`;
  if (grant > 0.005) money += `; ${number(grant)} came from the state`;
  if (spent > 0.9 * budget && parameter("city.revenue_limits") !== false) money += ": money was the limit";
  else if (past > 0 && spent < 0.5 * budget) money += ": money was not the limit";
  texts.push(`${money}.`);
  const offices = ngos === 1 ? "One NGO had an office" : `${count(ngos)} NGO offices were`;
  texts.push(ngos > 0 ? `${offices} here, to help and to press the city.` : "No NGO had an office here.");
  if (world.arrays.firewall && yearly(world, "firewall", year, place) > 0)
    texts.push("Its offices keep from reporting to immigration control: a firewall.");
  if (tension > 0.005) texts.push(`Tension between neighbours stood at ${number(tension)} of 1.`);
  return texts;
}

function wants(world, past, thresholds, motivation) {
  if (past === thresholds.length) return "That is enough to want every service.";
  const next = thresholds.filter(([, value]) => motivation <= value).sort((one, two) => one[1] - two[1])[0];
  const words = `the next, ${term(world, "services", next[0]).words}, would take ${number(next[1])}`;
  return past === 0
    ? `That is too little to want any service: ${words}.`
    : `That is enough to want ${past} of ${thresholds.length} services; ${words}.`;
}

function needs(world, place, year) {
  const met = yearly(world, "needs_met", year, place);
  const unmet = yearly(world, "unmet_rate", year, place);
  const without = yearly(world, "unauthorised", year, place);
  const parts = [
    Number.isFinite(met)
      ? `${percent(met)} of needs were met in ${world.years[year]}`
      : `too few needs in ${world.years[year]} to tell`,
  ];
  if (Number.isFinite(unmet)) parts.push(`${number(unmet)} went unmet per 1,000 person-years`);
  if (Number.isFinite(without)) parts.push(`${percent(without)} of migrants were ${unauthorised(world)}`);
  return `${sentence(listed(parts))}.`;
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
