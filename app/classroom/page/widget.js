/** The page's beginning in a notebook (anywidget). */

import { handoutHome } from "./home-handout.js";
import { widgetHome } from "./home-widget.js";
import { mount } from "./mount.js";

function render({ model, el }) {
  const content = model.get("content");
  const home = content ? handoutHome(JSON.parse(content)) : widgetHome(model);
  const box = document.createElement("div");
  box.style.height = model.get("height");
  box.className = "lc-widget";
  el.append(box);
  const page = mount(box, home, { link: false, scenario: model.get("scenario"), seed: model.get("seed") });
  return () => {
    page.close();
    if (home.close) home.close();
  };
}

export default { render };
