/** The page's home in a notebook: asks the kernel through the widget's messages. */

import { Told } from "./home-server.js";

/**
 * The verbs, spoken to the kernel.
 * @param {Object} model the widget's model, as anywidget gives it
 * @returns {Object} a home (see PROTOCOL.md), with `close()`
 */
export function widgetHome(model) {
  const waiting = new Map();
  let calls = 0;

  function hear(message, buffers) {
    const call = waiting.get(message.call);
    if (!call) return;
    if (message.progress) {
      call.onProgress(message.progress);
      return;
    }
    waiting.delete(message.call);
    if (message.error !== undefined) call.refuse(new Told(message.error, message.hint || ""));
    else call.answer(buffers && buffers.length ? plainBuffer(buffers[0]) : message.result);
  }

  function ask(verb, given, onProgress = () => {}, signal = null) {
    calls += 1;
    const number = calls;
    return new Promise((answer, refuse) => {
      waiting.set(number, { answer, refuse, onProgress });
      if (signal) {
        signal.addEventListener("abort", () => {
          if (!waiting.delete(number)) return;
          model.send({ cancel: number });
          refuse(new DOMException("a newer run was asked for", "AbortError"));
        });
      }
      model.send({ call: number, verb, arguments: given });
    });
  }

  model.on("msg:custom", hear);
  return {
    kind: "widget",
    can: { run: true, lives: true, csv: true, scenarioFile: true },
    scenarios: () => ask("scenarios", []),
    scenario: (name) => ask("scenario", [name]),
    run: (request, onProgress, signal) => ask("run", [request], onProgress, signal),
    places: (id) => ask("places", [id]),
    lives: (id) => ask("lives", [id]),
    life: (id, migrant, against) => ask("life", [id, migrant, against || null]),
    scenarioFile: (request) => ask("scenarioFile", [request]),
    csv: (id) => ask("csv", [id]),
    close: () => model.off("msg:custom", hear),
  };
}

/** The bytes alone: what comes may be a view into a larger message, at any position. */
function plainBuffer(buffer) {
  if (buffer instanceof ArrayBuffer) return buffer;
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}
