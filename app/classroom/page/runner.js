/** Runs a world anew when something changes: the newest wish wins. */

const QUICK = 150; // ms; a run that takes less is let finish, so that a dragged slider shows all it passes

/**
 * Runs for one world.
 * @param {(request, onProgress, signal) => Promise<ArrayBuffer>} run
 * @param {{ready: Function, failed: Function, busy: Function}} tell what came of it; `busy(progress or null)`
 */
export class Runner {
  constructor(run, tell) {
    this.run = run;
    this.tell = tell;
    this.current = null;
    this.next = null;
    this.lastTook = Infinity;
  }

  /** Ask for a run; an older one is stopped, or, if it is about to end anyhow, waited for. */
  ask(request) {
    this.next = request;
    if (!this.current) {
      this.begin();
      return;
    }
    if (this.lastTook > QUICK || performance.now() - this.current.since > QUICK) this.current.stop.abort();
  }

  /** Stop, and ask for nothing more. */
  close() {
    this.next = null;
    if (this.current) this.current.stop.abort();
  }

  async begin() {
    const request = this.next;
    this.next = null;
    const stop = new AbortController();
    const current = { stop, since: performance.now() };
    this.current = current;
    let last = { done: 0, total: 0 };
    const slow = setTimeout(() => this.tell.busy(last), QUICK);
    try {
      const block = await this.run(
        request,
        (progress) => {
          last = progress;
          if (performance.now() - current.since > QUICK && !stop.signal.aborted) this.tell.busy(progress);
        },
        stop.signal,
      );
      this.lastTook = performance.now() - current.since;
      if (!stop.signal.aborted) this.tell.ready(block, request);
    } catch (error) {
      // A run that was stopped for a newer one is no failure, whoever noticed it first.
      if (!stop.signal.aborted && !this.next) this.tell.failed(error, request);
    } finally {
      clearTimeout(slow);
      this.current = null;
      if (this.next) this.begin();
      else this.tell.busy(null);
    }
  }
}
