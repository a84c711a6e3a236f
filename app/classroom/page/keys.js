/** What keys do wherever the focus is, unless a control has its own use for them. */

const TYPED = ["INPUT", "SELECT", "TEXTAREA"];
const PRESSED = ["BUTTON", "SUMMARY", "A", ...TYPED];

/** Listen on `target` until `signal`. */
export function listenToKeys(page, target, signal) {
  target.addEventListener("keydown", (event) => keyed(page, event), { signal });
}

function keyed(page, event) {
  if (taken(page, event)) return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const { tagName } = event.target;
  if (event.key === "Escape" && page.store.state.present) {
    page.store.set({ present: false });
    return;
  }
  if (TYPED.includes(tagName) && !(event.key === " " && event.target.type === "range")) return;
  const { timebar, store } = page;
  const year = event.shiftKey ? 12 : 1;
  const acts = {
    ArrowLeft: () => timebar.step(-year),
    ArrowRight: () => timebar.step(year),
    Home: () => timebar.step(-Infinity),
    End: () => timebar.step(Infinity),
    ...Object.fromEntries([1, 2, 3, 4].map((number) => [number, () => page.setNumber(number)])),
    d: () => store.set({ view: store.state.view === "pair" ? "difference" : "pair" }),
    p: () => store.set({ present: !store.state.present }),
  };
  if (event.key === " " && (!PRESSED.includes(tagName) || event.target.type === "range"))
    acts[" "] = () => timebar.toggle();
  const act = acts[event.key];
  if (!act) return;
  act();
  event.preventDefault();
}

/** Ctrl+Z takes the last change back, where nothing is being typed; Ctrl+Shift+Z and Ctrl+Y take it again. */
function taken(page, event) {
  const { target, shiftKey } = event;
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return false;
  if (
    target.tagName === "TEXTAREA" ||
    (target.tagName === "INPUT" && !["range", "checkbox"].includes(target.type))
  )
    return false;
  if (key === "y" || shiftKey) page.steps.on();
  else page.steps.back();
  event.preventDefault();
  return true;
}
