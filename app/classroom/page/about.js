/** The panel that says what this is, and what it is not. */

import { el } from "./dom.js";
import { later, tr } from "./languages.js";

const PARTS = [
  [
    "What is it?",
    [
      "A world of simulated migrants, cities and NGOs, after Takeyuki Tsuda's idea of local " +
        "citizenship (2008): where a state gives foreign workers few rights, cities and NGOs confer " +
        "some of their own. They differ from place to place, are lost on moving, and are claimed in " +
        "an emergency or not at all.",
    ],
  ],
  [
    "How does it work?",
    [
      "Month by month people arrive, work, move, settle or leave, and now and then have a need: an " +
        "accident, unpaid wages, a child to enrol. They are helped only if they know of help, dare to " +
        "ask for it, find somebody whose help is open to them, and ask.",
      "Once a year each city decides what to offer: from how many migrants live there, its history, " +
        "its money, its neighbours and its NGOs. NGOs are founded where needs go unmet, and are " +
        "limited by staff and money.",
      "While it plays, dots are a sample of the moves of each year between places. Where moves are counted between " +
        "regions, the places within them are drawn by where migrants live; so is the month.",
      "Chance is drawn for each person by name. So the same seed means the same people with the " +
        "same luck, in A and in B: what differs follows from what you changed.",
    ],
  ],
  [
    "Things to notice",
    [
      "Most needs are lost early in the cascade: before anybody has been asked.",
      "Two people with the same status and the same need are helped in one town and not in the next.",
      "What NGOs meet is not only added to what cities do: in some places it takes its place.",
      "A rule that helps one step can change little, where the next step is the narrow one.",
    ],
  ],
  [
    "Things to try",
    [
      "Change one thing in B, and say before you look where the worlds will part.",
      "Click the place with the largest circle, and read why it decided so. Then its neighbour.",
      "Press “New world” a few times: what stays is the model's doing, what goes was luck.",
      "Find a life that was helped in one world only, and read where it parts.",
    ],
  ],
  [
    "What this does not show",
    [
      "No real person: people are simulated. Municipalities are synthetic where it says so; they have " +
        "a country's unevenness, not its towns. Where towns exist, only their name, place, size and money " +
        "are theirs. No number here is an estimate for any place.",
      "Many rates are assumptions; each says so under its “?”.",
      "One pair of worlds shows what the change did with this luck. How sure an effect is, only " +
        "many seeds can tell: local-citizenship compare.",
      "Need, fear and deportation stand here as numbers. Behind each stand people to whom it " +
        "happens. Words to use, and harms to think of: docs/ethics.md of the project.",
    ],
  ],
];

const KEYS = [
  [later("space"), "play and pause"],
  ["← →", "a month back, a month on; with Shift a year"],
  ["Home, End", "the first, the last month"],
  ["1 to 4", "so many worlds"],
  ["d", "other worlds as they are, or less A"],
  ["p", later("presentation")],
  ["Ctrl+Z", "take the last change back; with Shift take it again"],
  ["Tab, arrows, Enter", "on a map: from place to place, open one"],
];

/** The panel's content. */
export function aboutPanel() {
  return el(
    "div",
    { class: "panel-body about" },
    PARTS.map(([title, paragraphs]) => [
      el("h2", {}, title),
      paragraphs.length > 2
        ? el(
            "ul",
            {},
            paragraphs.map((text) => el("li", {}, text)),
          )
        : paragraphs.map((text) => el("p", {}, text)),
    ]),
    el("h2", {}, "Keys"),
    el(
      "dl",
      { class: "keys" },
      KEYS.map(([key, words]) => [el("dt", {}, tr(key)), el("dd", {}, tr(words))]),
    ),
    el(
      "p",
      { class: "note" },
      "Source: T. Tsuda, “Localities and the Struggle for Immigrant Rights: The Significance of " +
        "Local Citizenship in Recent Countries of Immigration”, Japan Focus, 2008.",
    ),
  );
}
