// Items are held for one person for some minutes, so that two who work at once do not meet.

import { el, say } from "./paper.js";

const FEWEST = 30;       // items held for this person: half of what waits, within these bounds
const MOST = 100;
const TRUSTED = 240000;  // ms after which a claim is made anew; the server ends it a minute later
const PATIENCE = 5000;   // ms without an answer after which the server counts as away

export class Claims {
  // `isShared` is false where a person has asked for one item by name: nothing is claimed then.
  constructor(app, view, isShared) {
    Object.assign(this, { app, view, isShared, held: new Set(), mine: new Set(), until: 0 });
    Object.assign(this, { isAway: false, isTaken: false, running: null });
  }

  // An item may be shown and decided: it is held here, or nobody can be asked just now.
  isHeld(task) {
    if (!this.isShared || this.isAway || this.mine.has(task.name)) return true;
    return this.held.has(task.name) && Date.now() < this.until;
  }

  // Where an item is not held yet: says so in its place, claims, and shows the view again then.
  holdUp(task) {
    if (this.isHeld(task)) return false;
    const { app, view } = this;
    app.fill(el("p.moment", { role: "status" }, say("claiming")));
    this.ahead().then(() => app.view === view && view.show());
    return true;
  }

  // A decision was taken back: whatever the server has heard of that by now, the item is this person's.
  takeBack(task) { this.mine.add(task.name); }

  next() {
    const { queue } = this.view;
    return queue.slice(0, Math.min(MOST, Math.max(FEWEST, Math.ceil(queue.length / 2))));
  }

  // Claims the next items once a third of them is not held, leaves out of the queue what others have, and resolves then.
  ahead() {
    const next = this.next();
    const held = next.filter((task) => this.held.has(task.name)).length;
    const isEnough = held * 3 > next.length * 2 && this.isHeld(next[0]);
    if (!this.isShared || !next.length || (isEnough && !this.isAway)) return Promise.resolve();
    return this.renew();
  }

  // For somebody who is long about one item: begins its minutes anew when half of them are over.
  keep() {
    if (this.isShared && Date.now() + TRUSTED / 2 > this.until) this.renew();
  }

  renew() {
    this.running ||= this.claim().finally(() => { this.running = null; });
    return this.running;
  }

  async claim() {
    for (;;) {
      const names = this.next().map((task) => task.name);
      const asked = Date.now();
      const answer = names.length ? await this.app.post("/api/claims", names, PATIENCE) : { held: [] };
      this.isAway = !answer;
      if (!answer) return;
      this.held = new Set(answer.held);
      this.until = asked + TRUSTED;
      const lost = new Set(names.filter((name) => !this.held.has(name) && !this.mine.has(name)));
      if (!lost.size) return;
      const gone = this.view.queue.filter((task) => lost.has(task.name));
      this.isTaken ||= gone.length > 0;
      this.view.queue = this.view.queue.filter((task) => !lost.has(task.name));
    }
  }
}
