/** The page's beginning in a browser: finds its language and its home, and mounts. */

import { handoutElement, handoutHome } from "./home-handout.js";
import { serverHome } from "./home-server.js";
import { speak, translateBelow } from "./languages.js";
import { mount } from "./mount.js";
import { words } from "./words.js";

const held = handoutElement();
const content = held ? JSON.parse(held.textContent) : null;

async function begin() {
  const root = document.getElementById("app");
  speak(content ? content.language : await words());
  translateBelow(root);
  mount(root, content ? handoutHome(content) : serverHome(), { link: true });
}

begin();
