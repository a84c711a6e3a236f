/**
 * One world's map: a circle for each place, its area by migrants, its colour by a measure, drawn from
 * sprites.
 */

import { FACE } from "./chart-lines.js";
import { holds } from "./boxes.js";
import { Nearby, project, zoomOn } from "./projection.js";
import { drawFlows } from "./flows.js";
import { shortName } from "./names.js";
import { Sprites } from "./sprites.js";

const LAND = "#e9e6dd";
const LAND_EDGE = "#d8d4c8";
const INK = "#1d2327";
const NONE = "#ffffff"; // of a place without a value
/** How many times closer than the whole a map can be drawn. */
export const CLOSEST = 24;
const BOX_FONT = `12px ${FACE}`;

/** What the map of a world is drawn from; shared by both maps of a pair, so that they can be compared. */
export class MapView {
  /**
   * @param {HTMLCanvasElement} canvas
   */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.base = document.createElement("canvas");
    this.zoom = { k: 1, x: 0, y: 0 };
    this.area = null; // what it is drawn closer for, of the layout's `crowds`; then `zoom` follows from it
    this.world = null;
    this.drawn = { year: -1 };
    this.taken = [];
  }

  /** The places, and how they lie (`layOut`). */
  setPlaces(places, layout) {
    this.places = places;
    this.layout = layout;
    this.radius = new Float32Array(places.size);
    this.step = new Int16Array(places.size);
    this.order = Uint32Array.from({ length: places.size }, (_, i) => i);
    this.width = 0;
  }

  /**
   * What to show.
   * @param {Object} world
   * @param {(year: number, place: number, month: number) => number} value of the measure
   * @param {Object} scale of colours (`colourScale`)
   * @param {number} most migrants in a place, of the largest circle
   * @param {boolean} monthly whether the measure changes by month
   */
  setWorld(world, value, scale, most, monthly) {
    this.world = world;
    this.value = value;
    this.scale = scale;
    this.most = most;
    this.monthly = monthly;
    this.drawn.year = -1;
    if (this.width) this.makeSprites();
  }

  /** Circles in the colours of the scale; those there are will do while colours and sizes are the same. */
  makeSprites() {
    const key = `${this.scale.palette} ${this.largest * this.grown} ${this.ratio}`;
    if (this.sprites && this.sprites.key === key) return;
    this.sprites = new Sprites(this.scale.colours, NONE, this.largest * this.grown, this.ratio);
    this.sprites.key = key;
  }

  /** Fit to a size in CSS pixels; `taken`: boxes of it that something else covers. */
  size(width, height, ratio, taken) {
    const same = this.taken.join() === taken.join();
    if (this.width === width && this.height === height && this.ratio === ratio && same) return;
    this.taken = taken;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    if (
      this.canvas.width !== Math.round(width * ratio) ||
      this.canvas.height !== Math.round(height * ratio)
    ) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    this.place();
  }

  /** Project anew, after a change of size or zoom. */
  place() {
    if (!this.width || !this.places) return;
    const size = this.places.size;
    const least = Math.min(this.width, this.height);
    this.largest = (least * (size <= 60 ? 0.2 : 0.34)) / Math.max(1, size) ** 0.21;
    // Few places have their names above or below them.
    const margin = size <= 60 ? this.largest * 0.9 + 2 * this.nameSize() : this.largest * 0.6 + 8;
    if (this.area)
      this.zoom = zoomOn(this.layout, this.width, this.height, margin, this.area.bounds, CLOSEST);
    const found = project(this.layout, this.width, this.height, margin, this.zoom, this.taken);
    this.x = found.x;
    this.y = found.y;
    this.insets = found.insets;
    this.fits = found.fits;
    this.crowds = found.crowds;
    this.grown = Math.sqrt(Math.min(6, this.zoom.k));
    this.nearby = new Nearby(this.x, this.y);
    for (const crowd of this.crowds) crowd.nearby = new Nearby(crowd.x, crowd.y, crowd.inside);
    this.drawn.year = -1;
    this.boxNames = this.nameBoxes();
    if (this.scale) this.makeSprites();
    this.drawBase();
    this.named = this.places.named && this.layout.land.length ? this.chooseNames() : [];
  }

  /** What does not change from month to month: the land, by its outlines or as the union of a patch around each place. */
  drawBase() {
    this.base.width = this.canvas.width;
    this.base.height = this.canvas.height;
    const context = this.base.getContext("2d", { alpha: false });
    context.fillStyle = "#f7f9fa";
    context.fillRect(0, 0, this.base.width, this.base.height);
    context.scale(this.ratio, this.ratio);
    const few = this.places.size <= 60;
    if (this.layout.land.length) this.drawLand(context);
    else this.drawPatches(context, few);
    context.strokeStyle = "#8b9196";
    context.lineWidth = 1;
    for (const [left, top, right, bottom] of this.insets)
      context.strokeRect(left + 0.5, top + 0.5, right - left, bottom - top);
    if (few) this.drawNames(context);
    for (const { box, frame, fit } of this.crowds) {
      context.strokeStyle = "#6b6b6b";
      context.strokeRect(frame[0], frame[1], frame[2] - frame[0], frame[3] - frame[1]);
      context.save();
      clipTo(context, box);
      context.fillStyle = "#f7f9fa";
      context.fill();
      this.drawLand(context, fit);
      context.restore();
    }
  }

  /** What the boxes hold, above them, or of islands up on the map below. */
  nameBoxes() {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.font = BOX_FONT;
    const islands = (this.places.islands || []).map(({ name }, i) => [name, this.insets[i], true]);
    const all = [...islands, ...this.crowds.map(({ name, box }) => [name, box, false])];
    return all
      .filter(([, box]) => box)
      .map(([words, [left, top, right, bottom], mayBeBelow]) => {
        const wide = context.measureText(words).width;
        const below = mayBeBelow && top < this.height / 2;
        return {
          words,
          left: left < this.width / 2 ? left : right - wide,
          base: below ? bottom + 14 : top - 4,
          wide,
        };
      });
  }

  drawBoxNames(context) {
    context.font = BOX_FONT;
    context.textAlign = "left";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = "rgb(255 255 255 / 85%)";
    context.fillStyle = "#4a5157";
    for (const { words, left, base } of this.boxNames) {
      context.strokeText(words, left, base);
      context.fillText(words, left, base);
    }
  }

  drawPatches(context, few) {
    const reach = few ? this.largest * 1.25 : Math.max(5, Math.min(12, this.width / 55)) * this.grown;
    for (const [more, colour] of [
      [1, LAND_EDGE],
      [0, LAND],
    ]) {
      context.fillStyle = colour;
      for (let i = 0; i < this.x.length; i += 1) {
        context.beginPath();
        context.arc(this.x[i], this.y[i], reach + more, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }

  /** Outlines; holes in a region are land of another, and need no care. `only`: all of them as they lie in a box. */
  drawLand(context, only = null) {
    context.fillStyle = LAND;
    context.strokeStyle = LAND_EDGE;
    context.lineWidth = 1;
    for (const { points, apart } of this.layout.land) {
      const { across, down } = only || this.fits[apart];
      context.beginPath();
      for (let i = 0; i < points.length; i += 2) context.lineTo(across(points[i]), down(points[i + 1]));
      context.closePath();
      context.fill();
      context.stroke();
    }
  }

  /** A few of the largest places, far enough apart, and where their names cover fewest others. */
  chooseNames() {
    const { places, context } = this;
    const font = this.labelSize();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.font = `500 ${font}px ${FACE}`;
    const largest = Array.from(places.population.keys()).sort(
      (a, b) => places.population[b] - places.population[a],
    );
    const apart = Math.min(this.width, this.height) / 5;
    const chosen = [];
    for (const place of largest.slice(0, 150)) {
      if (chosen.length === 7) break;
      const [x, y] = [this.x[place], this.y[place]];
      if (this.layout.apart[place] || x < 0 || y < 0 || x > this.width || y > this.height) continue;
      if (chosen.some((each) => Math.hypot(each.x - x, each.y - y) < apart)) continue;
      const words = shortName(places, place);
      const wide = context.measureText(words).width;
      const spots = [
        [x + 9, y + font / 3],
        [x - 9 - wide, y + font / 3],
        [x - wide / 2, y - 9],
        [x - wide / 2, y + 9 + font * 0.8],
      ].filter(([left, base]) => this.isFree(left, base - font, wide, font, chosen));
      const covered = spots.map(([left, base]) => this.placesIn(left, base - font, wide, font));
      if (!spots.length || Math.min(...covered) > 12) continue;
      const [left, base] = spots[covered.indexOf(Math.min(...covered))];
      chosen.push({ x, y, words, left, base, wide });
    }
    return chosen;
  }

  isFree(left, top, wide, tall, chosen) {
    if (left < 2 || top < 2 || left + wide > this.width - 2 || top + tall > this.height - 2) return false;
    const clear = (l, t, r, b) => left > r || left + wide < l || top > b || top + tall < t;
    return (
      this.insets.every(([l, t, r, b]) => clear(l, t, r, b)) &&
      this.crowds.every(({ box: [l, t, r, b] }) => clear(l, t, r, b)) &&
      [...this.boxNames, ...chosen].every((each) =>
        clear(each.left, each.base - tall, each.left + each.wide, each.base),
      )
    );
  }

  placesIn(left, top, wide, tall) {
    let number = 0;
    for (let i = 0; i < this.x.length; i += 1)
      if (this.x[i] > left && this.x[i] < left + wide && this.y[i] > top && this.y[i] < top + tall)
        number += 1;
    return number;
  }

  labelSize() {
    return Math.max(12, Math.min(17, this.width / 45));
  }

  drawLabels(context) {
    context.font = `500 ${this.labelSize()}px ${FACE}`;
    context.textAlign = "left";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = "rgb(255 255 255 / 85%)";
    context.fillStyle = INK;
    for (const { words, left, base } of this.named) {
      context.strokeText(words, left, base);
      context.fillText(words, left, base);
    }
  }

  nameSize() {
    return Math.max(13, Math.min(24, this.width / 30));
  }

  drawNames(context) {
    context.fillStyle = INK;
    const font = this.nameSize();
    context.font = `600 ${font}px ${FACE}`;
    context.textAlign = "center";
    for (let i = 0; i < this.x.length; i += 1) {
      // Below its place if it lies in the lower half, above it otherwise: neighbours keep clear of each
      // other.
      const below = this.y[i] >= this.height / 2 || this.x.length === 1;
      const away = this.largest + font * 0.45;
      context.fillText(this.places.name[i], this.x[i], this.y[i] + (below ? away + font * 0.75 : -away));
    }
  }

  /**
   * Draw a month.
   * @param {number} month
   * @param {number} year index of its calendar year
   * @param {{place: number|null, hover: number, flows: boolean}} marks
   */
  draw(month, year, marks) {
    const { context, world } = this;
    if (!world || !this.width) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.base, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (year !== this.drawn.year || this.monthly) this.colour(month, year);
    const { stock } = world.arrays;
    const { raw, scale: unit } = stock;
    const from = month * this.places.size;
    const factor = (this.largest * this.grown) / Math.sqrt(this.most);
    const { order, radius, step, x, y, sprites } = this;
    for (let n = 0; n < order.length; n += 1) {
      const place = order[n];
      const people = raw[from + place] * unit;
      const r = people > 0 ? Math.max(1.8, factor * Math.sqrt(people)) : 0;
      radius[place] = r;
      if (r > 0) sprites.draw(context, step[place], r, x[place], y[place]);
    }
    if (this.named.length) this.drawLabels(context);
    if (marks.flows && world.arrays.flows) drawFlows(context, this, year);
    this.drawRings(context, marks, this);
    for (const crowd of this.crowds) this.drawCrowd(context, crowd, marks);
    this.drawBoxNames(context);
  }

  /** Where places crowd: the same circles, farther apart, over whatever lies below. */
  drawCrowd(context, crowd, marks) {
    const [left, top, right, bottom] = crowd.box;
    const [wide, tall] = [right - left, bottom - top];
    const { order, radius, step, ratio } = this;
    context.save();
    clipTo(context, crowd.box);
    context.drawImage(
      this.base,
      ...[left, top, wide, tall].map((each) => each * ratio),
      ...[left, top, wide, tall],
    );
    for (let n = 0; n < order.length; n += 1) {
      const place = order[n];
      if (!crowd.inside[place] || !(radius[place] > 0)) continue;
      this.sprites.draw(context, step[place], radius[place], crowd.x[place], crowd.y[place]);
    }
    this.drawRings(context, marks, crowd);
    context.restore();
    context.strokeStyle = "#6b6b6b";
    context.lineWidth = 1;
    context.strokeRect(left, top, wide, tall);
  }

  /** What is pointed at and what is open, where they lie on the map or in a box. */
  drawRings(context, { hover, place }, { x, y, inside }) {
    const seen = (each) => each !== null && each >= 0 && each < this.places.size && (!inside || inside[each]);
    if (seen(hover)) this.ring(context, x[hover], y[hover], this.radius[hover], 2, INK);
    if (seen(place)) this.ring(context, x[place], y[place], this.radius[place], 3, "#b3005e");
  }

  /** The colours of a year, and the order of drawing: large ones first, so that none hides another. */
  colour(month, year) {
    const { stock } = this.world.arrays;
    const from = month * this.places.size;
    for (let place = 0; place < this.places.size; place += 1) {
      this.step[place] = this.scale.step(this.value(year, place, month));
    }
    if (year !== this.drawn.year) this.order.sort((a, b) => stock.raw[from + b] - stock.raw[from + a]);
    this.drawn.year = year;
  }

  ring(context, x, y, radius, width, colour) {
    const r = Math.max(4, radius) + width / 2 + 1.5;
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.lineWidth = width + 2;
    context.strokeStyle = "#ffffff";
    context.stroke();
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }

  /** The place at a point of the canvas (CSS pixels), or -1. */
  at(x, y) {
    if (!this.nearby) return -1;
    const crowd = this.crowds.find(({ box }) => holds(box, x, y));
    const { nearby } = crowd || this;
    nearby.largest = this.largest * this.grown;
    return nearby.at(x, y, this.radius, 14);
  }
}

function clipTo(context, [left, top, right, bottom]) {
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
}
