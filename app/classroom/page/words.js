/** The words of the page for what the model counts, in one place; colours that go with them. */

export const RUNGS = [
  { name: "citizen", words: "naturalised", of: ["citizen"], colour: "#003f63" },
  { name: "denizen", words: "permanent", of: ["denizen"], colour: "#0072b2" },
  { name: "legal", words: "legal", of: ["legal"], colour: "#4fa3d1" },
  { name: "unauthorised", words: "unauthorised", of: ["irregular", "overstayer", "smuggled"], colour: "#c24a00" },
];

export const PROVIDERS = [
  { name: "city", words: "cities", colour: "#0072b2" },
  { name: "ngo", words: "NGOs", colour: "#c98200" },
  { name: "nation", words: "the state", colour: "#00805e" },
  { name: "nobody", words: "nobody", colour: "#6f6f6f" },
];

export const STAGES = [
  ["needs", "had a need"],
  ["aware", "knew of help"],
  ["willing", "dared to ask"],
  ["eligible", "had a right to it"],
  ["claimed", "asked"],
  ["served", "were helped"],
];

export const SERVICE_WORDS = {
  information: "information in their language",
  exchange: "exchange with neighbours",
  language: "language classes",
  registration: "registration",
  insurance: "health insurance",
  emergency: "emergency care",
  housing: "housing",
  schooling: "schooling",
  consultation: "advice desk",
  council: "advisory council",
  ordinance: "ordinance of equal treatment",
};

export const DOOR_WORDS = {
  skilled: "skilled worker",
  coethnic: "co-ethnic (descendant)",
  trainee: "trainee",
  student: "student",
  entertainer: "entertainer",
  worker: "contract worker",
  visitor: "visitor who stayed",
  smuggled: "smuggled",
};

export const STATUS_WORDS = {
  citizen: "naturalised",
  denizen: "permanent resident",
  legal: "legal",
  irregular: "working outside the visa",
  overstayer: "overstayer",
  smuggled: "smuggled",
};

export const SECTION_WORDS = {
  scale: "Scale of the run",
  doors: "Doors of entry",
  needs: "Needs",
  services: "Services of cities",
  ngo_kinds: "Kinds of NGO",
  ngos: "NGOs",
  city: "How cities decide",
  policy: "National policy",
  status: "Formal status",
  voice: "Voice and mobilisation",
  awareness: "Who knows of help",
  claiming: "Claiming",
  moving: "Moving",
  public: "Public opinion",
  settling: "Settling",
  language: "Language",
  enforcement: "Enforcement",
  fear: "Fear",
  belonging: "Belonging",
  labour: "Work",
  stories: "Recorded lives",
};
