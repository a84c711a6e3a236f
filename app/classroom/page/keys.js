/** What keys do wherever the focus is, unless a control has its own use for them. */

const TYPED = ["INPUT", "SELECT", "TEXTAREA"];
const PRESSED = ["BUTTON", "SUMMARY", "A", ...TYPED];

/** Listen on `target` until `signal`. */
export function listenToKeys(page, target, signal) {
  target.addEventListener("keydown", (event) => keyed(page, event), { signal });
}

function keyed(page, event) {
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
    1: () => store.set({ two: false }),
    2: () => page.canBeTwo() && store.set({ two: true }),
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
