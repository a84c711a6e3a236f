/** What a hand-out holds packed. */

import { Told } from "./home-server.js";

/** The bytes of a text that is base64 of gzip. */
export async function unpacked(data) {
  const packed = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  if (typeof DecompressionStream === "undefined") {
    throw new Told("this browser is too old to open the hand-out", "use one of 2023 or later");
  }
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
