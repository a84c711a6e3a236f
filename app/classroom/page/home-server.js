/** The page's home when it comes from the local server of `explore`. */

import { tr } from "./languages.js";

/** A mistake that is told to the reader in a sentence; `hint` says what would do. */
export class Told extends Error {
  constructor(message, hint = "") {
    super(message);
    this.hint = hint;
  }
}

const GONE = "the server does not answer";
const GONE_HINT = "is `local-citizenship explore` still running in the terminal?";

/**
 * The server's verbs. `base`: what its addresses begin with.
 * @returns {Object} a home (see PROTOCOL.md)
 */
export function serverHome(base = "") {
  // Windows of one browser share a visitor's name: a lane of its own keeps one from stopping another's runs.
  const window_ = Math.random().toString(36).slice(2, 10);
  const kept = new Map(); // answers that never change, by address

  async function ask(address, options = {}) {
    let answer;
    try {
      answer = await fetch(`${base}${address}`, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Told(GONE, GONE_HINT);
    }
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }

  async function once(address) {
    if (!kept.has(address)) {
      if (kept.size > 40) kept.clear();
      const made = ask(address).then((answer) => answer.json());
      kept.set(address, made);
      made.catch(() => kept.delete(address));
    }
    return kept.get(address);
  }

  const post = (content, signal) => ({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(content),
    signal,
  });

  return {
    kind: "server",
    can: { run: true, lives: true, csv: true, scenarioFile: true },
    scenarios: () => once("/api/scenarios"),
    scenario: (name) => once(`/api/scenario/${encodeURIComponent(name)}`),
    places: (id) => once(`/api/places/${encodeURIComponent(id)}`),
    lives: (id) => once(`/api/lives/${encodeURIComponent(id)}`),
    life: (id, migrant, against) => {
      const other = against ? `?against=${encodeURIComponent(against)}` : "";
      return once(`/api/life/${encodeURIComponent(id)}/${encodeURIComponent(migrant)}${other}`);
    },
    async csv(id) {
      return (await ask(`/api/csv/${encodeURIComponent(id)}`)).text();
    },
    async scenarioFile(request) {
      return (await ask("/api/scenario-file", post(request))).text();
    },
    async run(request, onProgress, signal) {
      const asked = { ...request, lane: `${window_}${request.lane || ""}` };
      const options = post(asked, signal);
      options.headers["X-Tell-The-Start"] = "yes";
      return readFrames(await ask("/api/run", options), onProgress);
    },
  };
}

async function refusal(answer) {
  try {
    const { error, hint } = await answer.json();
    return new Told(error, hint);
  } catch {
    return new Told(tr("the server answered {number}", { number: answer.status }));
  }
}

/** The world at the end of a stream of frames. */
async function readFrames(answer, onProgress) {
  const reader = answer.body.getReader();
  const parts = new Bytes();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (value) parts.add(value);
      while (parts.size >= 5) {
        const head = parts.peek(5);
        const length = new DataView(head.buffer).getUint32(1, true);
        if (parts.size < 5 + length) break;
        parts.take(5);
        const content = parts.take(length);
        const kind = String.fromCharCode(head[0]);
        if (kind === "W") return content.buffer;
        const told = JSON.parse(new TextDecoder().decode(content));
        if (kind === "E") throw new Told(told.error, told.hint);
        if (kind === "P") onProgress(told);
      }
      if (done) throw new Told("the run ended before its world came", GONE_HINT);
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof Told) throw error;
    throw new Told(GONE, GONE_HINT);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Chunks as they come, taken in the pieces that are wanted. */
class Bytes {
  constructor() {
    this.chunks = [];
    this.size = 0;
  }

  add(chunk) {
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  peek(length) {
    const piece = new Uint8Array(length);
    let filled = 0;
    for (const chunk of this.chunks) {
      const part = chunk.subarray(0, length - filled);
      piece.set(part, filled);
      filled += part.length;
      if (filled === length) break;
    }
    return piece;
  }

  take(length) {
    const piece = this.peek(length);
    let left = length;
    while (left > 0) {
      const first = this.chunks[0];
      if (first.length > left) this.chunks[0] = first.subarray(left);
      else this.chunks.shift();
      left -= Math.min(left, first.length);
    }
    this.size -= length;
    return piece;
  }
}
