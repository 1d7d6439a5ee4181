// Ask: one item at a time, decided by a key.

import { el, own, pageOf, picture, reasonOf, say, stripOf, stripUrl, blankUrl } from "./paper.js";

const AHEAD = 8;      // strips fetched before they are asked for
const CLAIMED = 20;   // items held for this person
const UNDOABLE = 50;  // replies that can be taken back

export class Ask {
  constructor(app, view) {
    this.app = app;
    this.view = view;
    this.isHidden = view === "blind";
    this.queue = [];
    this.memory = `survey.undo.${view}`;
  }

  async open(only) {
    const given = only || (await this.app.get(`/api/queue/${this.view}`));
    this.queue = given.tasks;
    this.isWhole = given.whole_page;
    this.isHidden = this.isHidden || given.double;
    this.isSecond = given.double;
    this.history = JSON.parse(sessionStorage.getItem(this.memory) || "[]");
    this.claim();
    this.show();
  }

  get task() { return this.queue[0]; }

  get isLong() { return this.task.boxes.length > 9; }

  show() {
    const { task } = this;
    this.picked = new Set();
    this.digit = "";
    this.several = false;
    this.touched = false;
    if (!task) {
      this.app.fill(el("p.done", {}, say(this.isTaken ? "claimed" : this.view === "blind" ? "blind_none" : "nothing")));
      this.app.left(this.view, 0);
      return;
    }
    if (!this.isHidden) this.suggest();
    this.strip = stripOf(task, !this.isHidden);
    this.list = el("ol.options", { "aria-label": say("options") });
    this.note = el("p.note", { role: "status" });
    const paper = el("section.paper", { "aria-label": own(task.wording) }, this.strip);
    if (this.app.isLarge) paper.classList.add("large");
    const side = el("aside", {}, pageOf(task, this.isWhole));
    this.app.fill(
      el("div.ask", {},
        el("div.work", {}, this.head(), paper, this.list, this.note, this.isHidden ? null : this.told(), this.buttons()),
        side));
    this.mark();
    this.app.left(this.view, this.queue.length);
    this.app.tell([own(task.wording), own(task.row), ...(this.isHidden ? [] : reasonOf(task))].join(". "));
    this.prefetch();
  }

  // What is certain stands already where several may be marked; what is in doubt only if the machine has a guess.
  suggest() {
    const { task } = this;
    const certain = task.boxes.flatMap((box, at) => (box.state === "marked" && !box.kind ? [at] : []));
    const shown = task.guess || (task.one ? [] : certain);
    shown.forEach((at) => this.picked.add(at));
  }

  head() {
    const { task } = this;
    return el("div.head", {},
      this.isHidden ? el("p.small", {}, `${say(this.isSecond ? "double" : "blind")}: ${say("blind_intro")}`) : null,
      el("h2", {}, own(task.wording)),
      own(task.row) ? el("p.row", {}, `${say("row")}: ${own(task.row)}`) : null,
      el("p.small", {}, `${say("case")} ${task.case} · ${say("page")} ${task.page}`
        + (this.isHidden || !task.kind ? "" : ` · ${say(`kinds/${task.kind}`)}`)));
  }

  told() {
    const { task } = this;
    const marked = task.boxes.filter((box) => box.state === "marked").map((box) => own(box.label));
    const reads = marked.length ? marked.join(", ") : say("machine_none");
    const guess = task.guess && (task.guess.map((at) => own(task.boxes[at].label)).join(", ") || say("machine_blank"));
    return el("dl.told", {},
      el("dt", {}, say("machine")), el("dd", {}, guess || reads),
      ...(task.kind ? [el("dt", {}, say("why")), el("dd", {}, ...reasonOf(task).map((line) => el("div", {}, line)))] : []));
  }

  buttons() {
    const keys = [
      ["Enter", this.isHidden ? "key_done" : "key_enter", () => this.enter()], [this.isLong ? "00" : "0", "key_0", () => this.decide("none", [])],
      ["M", "key_m", () => this.severalMeant()], ["U", "key_u", () => this.decide("unreadable", [])],
      ["⌫", "key_back", () => this.undo()], ["S", "key_s", () => this.later()], ["F", "key_f", () => this.larger()],
    ];
    return el("div.buttons", {}, keys
      .filter(([key]) => key !== "M" || this.task.one)
      .map(([key, text, act]) => el("button", { type: "button", onclick: act }, el("kbd", {}, key), ` ${say(text)}`)));
  }

  // Draw the options with what is picked.
  mark() {
    const isSingle = this.task.one && !this.several;
    this.list.replaceChildren(...this.task.boxes.map((box, at) => {
      const isPicked = this.picked.has(at);
      const digits = this.isLong ? String(at + 1).padStart(2, "0") : String(at + 1);
      const doubt = box.kind && !this.isHidden ? el("span.doubt", { title: say(`kinds/${box.kind}`) }, "?") : null;
      return el("li", {}, el("button", {
        type: "button", "aria-pressed": String(isPicked), onclick: () => this.pick(at),
      }, el("kbd", {}, digits), el("span.label", {}, own(box.label)), doubt));
    }));
    this.list.classList.toggle("single", isSingle);
    this.list.classList.toggle("many", this.isLong);
  }

  pick(at) {
    if (this.task.one && !this.several) {
      this.decide("options", [at]);
      return;
    }
    if (this.picked.has(at)) this.picked.delete(at); else this.picked.add(at);
    this.touched = true;
    this.note.textContent = "";
    this.mark();
  }

  enter() {
    const { task } = this;
    if (this.touched || this.several) {
      this.decide("options", [...this.picked].sort((a, b) => a - b));
    } else if (task.guess && !this.isHidden) {
      this.decide("agree", []);
    } else if (task.one) {
      this.note.textContent = say("choose_first");
    } else {
      this.touched = true;
      this.note.textContent = say("enter_again");
    }
  }

  severalMeant() {
    if (!this.task.one) return;
    const looking = this.task.boxes.flatMap((box, at) => (box.state === "marked" || box.kind ? [at] : []));
    if (looking.length > 1 && !this.isHidden && !this.several) {
      this.decide("options", looking);
      return;
    }
    this.several = true;
    this.picked = new Set();
    this.note.textContent = say("pick_several");
    this.mark();
  }

  decide(verb, picked) {
    const { task } = this;
    const id = this.app.outbox.put({ task: task.name, verb, picked });
    this.history.push({ id, task });
    this.history = this.history.slice(-UNDOABLE);
    sessionStorage.setItem(this.memory, JSON.stringify(this.history));
    this.app.counted();
    this.queue.shift();
    this.show();
    const chosen = picked.map((at) => own(task.boxes[at].label)).join(", ");
    this.lastSaid(say("decided", chosen || say({ none: "key_0", unreadable: "key_u", agree: "key_enter" }[verb] || "key_0")));
  }

  lastSaid(text) {
    if (this.note && this.task) this.note.textContent = text;
  }

  undo() {
    const last = this.history.pop();
    if (!last) return;
    sessionStorage.setItem(this.memory, JSON.stringify(this.history));
    this.app.outbox.put({ task: last.task.name, verb: "withdraw", of: last.id });
    this.queue.unshift(last.task);
    this.show();
    this.lastSaid(say("undone"));
  }

  later() {
    this.queue.push(this.queue.shift());
    this.show();
  }

  larger() {
    this.app.isLarge = !this.app.isLarge;
    document.querySelector(".paper")?.classList.toggle("large", this.app.isLarge);
  }

  prefetch() {
    for (const task of this.queue.slice(1, 1 + AHEAD)) {
      picture(stripUrl(task));
      picture(blankUrl(task));
    }
    this.sinceClaim = (this.sinceClaim || 0) + 1;
    if (this.sinceClaim >= CLAIMED / 2) this.claim();
  }

  // Hold the next items, and leave out those that somebody else has before them.
  async claim() {
    this.sinceClaim = 0;
    const next = this.queue.slice(0, CLAIMED).map((task) => task.name);
    if (!next.length) return;
    const answer = await this.app.post("/api/claims", next);
    if (!answer) return;
    const held = new Set(answer.held);
    const taken = next.filter((name) => !held.has(name));
    if (!taken.length) return;
    const shown = this.task?.name;
    this.isTaken = true;
    this.queue = this.queue.filter((task) => !taken.includes(task.name));
    if (this.task?.name !== shown) this.show();
  }

  key(event) {
    const { key } = event;
    if (key === "Backspace") this.undo();
    else if (!this.task) return false;
    else if (key === "Enter") this.enter();
    else if (/^[0-9]$/.test(key)) this.onDigit(key);
    else if (/^[mM]$/.test(key)) this.severalMeant();
    else if (/^[uU]$/.test(key)) this.decide("unreadable", []);
    else if (/^[sS]$/.test(key)) this.later();
    else if (/^[fF]$/.test(key)) this.larger();
    else return false;
    return true;
  }

  onDigit(key) {
    this.digit += key;
    if (this.isLong && this.digit.length < 2) {
      this.note.textContent = `${this.digit}_`;
      return;
    }
    const at = Number(this.digit) - 1;
    this.digit = "";
    if (at < 0) this.decide("none", []);
    else if (at < this.task.boxes.length) this.pick(at);
    else this.note.textContent = "";
  }
}
