/** The page's beginning in a browser: finds its home, and mounts. */

import { handoutElement, handoutHome } from "./home-handout.js";
import { serverHome } from "./home-server.js";
import { mount } from "./mount.js";

const held = handoutElement();
const home = held ? handoutHome(JSON.parse(held.textContent)) : serverHome();
mount(document.getElementById("app"), home, { link: true });
