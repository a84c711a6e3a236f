/** The page's beginning in a browser: finds its language and its home, and mounts. */

import { handoutElement, handoutHome } from "./home-handout.js";
import { serverHome } from "./home-server.js";
import { speak, translateBelow } from "./languages.js";
import { mount } from "./mount.js";

const held = handoutElement();
const content = held ? JSON.parse(held.textContent) : null;

/** What the page says in the language that the server was asked for; "auto": in the browser's. */
async function words() {
  const { language } = document.documentElement.dataset;
  const code = language === "auto" ? navigator.language.slice(0, 2).toLowerCase() : language;
  if (!code || code === "en") return null;
  const answer = await fetch(`/words/${encodeURIComponent(code)}`);
  return answer.ok ? answer.json() : null;
}

async function begin() {
  const root = document.getElementById("app");
  speak(content ? content.language : await words());
  translateBelow(root);
  mount(root, content ? handoutHome(content) : serverHome(), { link: true });
}

begin();
