/** A world as it travels (see PROTOCOL.md), opened without copying: arrays are views of its bytes. */

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };

/**
 * An array of a world. The value of a raw number is `least + scale * raw`; of `missing` there is none (NaN).
 */
export class Packed {
  constructor(raw, about) {
    this.raw = raw;
    this.shape = about.shape;
    this.least = about.least;
    this.scale = about.scale;
    this.missing = about.missing === null || about.missing === undefined ? -1 : about.missing;
    this.width = about.shape.slice(1).reduce((product, size) => product * size, 1);
  }

  /** The value at a flat index. */
  at(index) {
    const raw = this.raw[index];
    return raw === this.missing ? NaN : this.least + this.scale * raw;
  }

  /** The least and greatest value there is; NaN if there is none. */
  range() {
    if (!this.known) {
      let low = Infinity;
      let high = -Infinity;
      for (let i = 0; i < this.raw.length; i += 1) {
        const raw = this.raw[i];
        if (raw === this.missing || raw !== raw) continue;
        if (raw < low) low = raw;
        if (raw > high) high = raw;
      }
      this.known = low > high ? [NaN, NaN] : [this.least + this.scale * low, this.least + this.scale * high];
    }
    return this.known;
  }
}

/**
 * Open a world.
 * @param {ArrayBuffer} block
 * @returns {Object} the header's fields, and `arrays`: name -> Packed
 * @throws {Error} if the block is no world
 */
export function decodeWorld(block) {
  const bytes = new Uint8Array(block);
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== "LCW1") {
    throw new Error("what came is no world: it does not begin with LCW1");
  }
  const start = 8 + new DataView(block).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const arrays = {};
  for (const [name, about] of Object.entries(header.arrays)) {
    const size = about.shape.reduce((product, each) => product * each, 1);
    arrays[name] = new Packed(new KINDS[about.type](block, start + about.offset, size), about);
  }
  return { ...header, arrays };
}

/** The calendar year (index) in which each month of a world lies. */
export function yearOfMonth(world) {
  const first = Number(world.start.slice(5, 7)) - 1;
  return Array.from({ length: world.months }, (_, month) => Math.floor((first + month) / 12));
}

/** Places as they travel, with names of regions looked up. */
export function openPlaces(content) {
  const size = content.name.length;
  return { ...content, size, regionName: (place) => content.regions[content.region[place]] || "" };
}
