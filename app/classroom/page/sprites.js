/** Circles drawn once for each colour and size, then copied: many times quicker than drawing each anew. */

const SIZES = 40;

/** Circles in the colours of a scale, up to a radius. */
export class Sprites {
  /**
   * @param {string[]} colours
   * @param {string} none colour of a place without a value
   * @param {number} largest radius, CSS pixels
   * @param {number} ratio device pixels for each
   */
  constructor(colours, none, largest, ratio) {
    this.colours = colours;
    this.none = none;
    this.largest = Math.max(2, largest);
    this.ratio = ratio;
    this.made = new Array((colours.length + 1) * (SIZES + 1)).fill(null);
  }

  /** Draw a circle of colour `step` (-1: none) around a point. */
  draw(context, step, radius, x, y) {
    // Sizes are finer for small circles, where a step of a pixel shows.
    const size = Math.min(SIZES, Math.max(1, Math.round(Math.sqrt(radius / this.largest) * SIZES)));
    const index = (step + 1) * (SIZES + 1) + size;
    const sprite = this.made[index] || this.make(index, step, this.largest * (size / SIZES) ** 2);
    context.drawImage(sprite, x - sprite.reach, y - sprite.reach, 2 * sprite.reach, 2 * sprite.reach);
  }

  make(index, step, radius) {
    const sprite = document.createElement("canvas");
    const pixels = Math.ceil((radius + 1.5) * this.ratio) * 2;
    sprite.width = pixels;
    sprite.height = pixels;
    sprite.reach = pixels / 2 / this.ratio;
    const context = sprite.getContext("2d");
    context.scale(this.ratio, this.ratio);
    context.beginPath();
    context.arc(sprite.reach, sprite.reach, Math.max(0.8, radius), 0, 2 * Math.PI);
    context.fillStyle = step < 0 ? this.none : this.colours[step];
    context.globalAlpha = 0.92;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = radius < 3 ? 0.5 : 1;
    context.strokeStyle = radius < 3 ? "rgba(29, 35, 39, 0.45)" : "rgba(29, 35, 39, 0.7)";
    context.stroke();
    this.made[index] = sprite;
    return sprite;
  }
}
