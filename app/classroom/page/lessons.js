/**
 * Questions to answer before the run. Each lesson changes world B against the scenario, and asks about one outcome after
 * the other (keys of outcomes.js): `question` first, then those of `more`. What comes of it is not written here: it is computed when the prediction has been
 * made.
 */
export const LESSONS = [
  {
    id: "fear",
    title: "Without fear",
    scenario: "japan-sample",
    b: { "fear.weight": 0 },
    change: "In world B nobody is afraid of deportation. Laws, cities and NGOs are the same.",
    question: "Of those who know of help, will a larger part be willing to ask?",
    about: "willing",
    more: [
      { about: "met", question: "And of all needs, will a larger part be met?" },
      {
        about: "met_city",
        question: "Will cities meet a larger part of needs, where more people dare to ask them?",
      },
      { about: "unauthorised", question: "Will more unauthorised migrants be in the country at the end?" },
    ],
    notice:
      "Compare the first and the last bar of the cascade. Does as much more help arrive as there is " +
      "more daring? Where is the rest lost?",
    further:
      "Set fear in B back, and raise the apprehension risk instead. Who is frightened by it, and is " +
      "it only the unauthorised?",
  },
  {
    id: "ngos",
    title: "A land without NGOs",
    scenario: "japan-sample",
    b: { "ngos.enabled": false },
    change: "In world B there is no NGO. Everything else begins the same.",
    question: "What becomes of the part of needs that is met?",
    about: "met",
    more: [
      { about: "aware", question: "What becomes of the part of people in need who know of help?" },
      { about: "met_city", question: "Will cities meet a larger part of needs, a smaller one, or the same?" },
      {
        about: "level",
        question: "Where will the cities' service level stand at the end, without NGOs that press them?",
      },
    ],
    notice:
      "Look at who met the need. Do cities step in where NGOs are missing, or did NGOs also press " +
      "cities to act?",
    further:
      "Colour the map by NGOs in world A. Where are they: where needs are greatest, or where many " +
      "people live?",
  },
  {
    id: "standard",
    title: "One standard for all cities",
    scenario: "japan-sample",
    b: { "policy.guidance": 1 },
    change:
      "In world B every city follows one national standard for its services, instead of deciding for itself.",
    question: "How uneven will services be between places, compared with A?",
    about: "uneven",
    more: [
      { about: "met", question: "And the part of needs that is met?" },
      { about: "level", question: "Where will the service level stand at the end, where migrants live?" },
      { about: "aware", question: "Will more of the people in need know of help?" },
    ],
    notice: "Choose the difference map. Which cities give more than they would have, and which give less?",
    further:
      "More even is not the same as better: compare how many needs are met. Then change the level " +
      "of the standard (policy.standard).",
  },
  {
    id: "firewall",
    title: "A firewall at the city hall",
    scenario: "japan-sample",
    b: { "city.firewall": 1 },
    change: "In world B no city tells immigration control who comes to its counter.",
    question: "Of those who know of help, will a larger part be willing to ask?",
    about: "willing",
    more: [
      { about: "met_city", question: "Will cities meet a larger part of needs?" },
      { about: "met", question: "And of all needs, will a larger part be met?" },
      { about: "unauthorised", question: "Will more unauthorised migrants be in the country at the end?" },
    ],
    notice:
      "Most migrants have papers. How large can the effect on all be, then, even if it is large for " +
      "those who have none?",
    further:
      "A firewall takes away fear, not rules. Set the share of cities that open emergency care to " +
      "all (services.emergency.open_to_unauthorised) to 1 as well.",
  },
  {
    id: "raids",
    title: "Looking harder",
    scenario: "japan-sample",
    b: { "enforcement.apprehension": 0.02 },
    change: "In world B the state looks for the unauthorised much harder, from the first month.",
    question: "How many unauthorised migrants will there be at the end, compared with A?",
    about: "unauthorised",
    more: [
      {
        about: "willing",
        question: "Of those who know of help, what becomes of the part who are willing to ask?",
      },
      { about: "met", question: "What becomes of the part of needs that is met?" },
      { about: "migrants", question: "How many migrants will there be in all at the end?" },
    ],
    notice:
      "Fewer people, or the same people further out of sight? Compare who was willing to ask, and " +
      "what nobody met.",
    further: "Open a life that differs between the worlds, and read where it parts.",
  },
  {
    id: "told",
    title: "Everyone is told on arrival",
    scenario: "japan-sample",
    b: { "awareness.orientation": 1 },
    change: "In world B everybody is told on arrival what the city hall offers.",
    question: "What becomes of the part of needs that cities meet?",
    about: "met_city",
    more: [
      { about: "aware", question: "Of the people in need, how large a part will know of help?" },
      { about: "willing", question: "Of those who know, will a larger or a smaller part be willing to ask?" },
      { about: "met", question: "And of all needs, how many will be met?" },
    ],
    notice: "Follow the cascade from “knew of help” downwards. What stops those who now know?",
    further:
      "What people were told holds for the town they came to. Colour the lines of moves, and ask " +
      "what a move does to it.",
  },
  {
    id: "towns",
    title: "Two towns, another budget",
    scenario: "two-towns",
    b: { "city.pace": 0.3, "city.budget": 2000 },
    change:
      "In A both towns go on doing what they do. In B they decide anew year by year, with plenty of money.",
    question: "Where will the service level stand at the end, where migrants live?",
    about: "level",
    more: [
      { about: "uneven", question: "Will the two towns become more alike in what they offer?" },
      { about: "met_city", question: "What becomes of the part of needs that cities meet?" },
      { about: "met", question: "And of the needs that are met?" },
    ],
    notice:
      "Click each town: is it money or the will that was short? The panel says how far its " +
      "motivation reached.",
    further: "Leave the pace, and take the money away again. Which of the two towns cuts its services?",
  },
];
