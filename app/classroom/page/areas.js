/** Buttons for the parts of a map where places crowd, in place of boxes that have no room on it. */

import { el, fill, segmented } from "./dom.js";
import { tr } from "./languages.js";

export class Areas {
  /** @param {Object[]} frames of the maps @param {(area: Object|null) => void} choose one of the layout's `crowds` */
  constructor(frames, choose) {
    this.frames = frames;
    this.choose = choose;
    this.element = el("span", { class: "areas", hidden: true });
  }

  /** A button for each part of a layout, and one for the whole. */
  offer({ crowds }) {
    this.element.hidden = true;
    const choices = crowds.map(({ name }, i) => [String(i), name, tr("{name}, closer on the map", { name })]);
    this.choice = segmented("Parts of the map", [["", "⤢", tr("The whole map")], ...choices], (value) =>
      this.choose(value === "" ? null : crowds[Number(value)]),
    );
    fill(this.element, this.choice);
  }

  /** Which part is shown now, and whether buttons are needed: they stay as they are while a map is drawn closer. */
  show() {
    const { view } = this.frames[0];
    if (!this.choice || !view.width) return;
    const at = view.area ? view.layout.crowds.indexOf(view.area) : view.zoom.k === 1 ? "" : null;
    this.choice.show(String(at));
    if (view.zoom.k > 1) return;
    this.element.hidden = this.frames.every(
      ({ element, view: each }) =>
        element.hidden || !each.width || each.crowds.length === each.layout.crowds.length,
    );
  }
}
