// Ask: one item at a time, decided by a key.

import { Card } from "./card.js";
import { Claims } from "./claims.js";
import { blankUrl, el, own, pageOf, picture, reasonOf, say, stripUrl } from "./paper.js";

const AHEAD = 8;      // strips fetched before they are asked for
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
    this.stage = el("div.stage");
    this.aside = el("aside");
    this.node = el("div.ask", {}, this.stage, this.aside);
    this.larger(this.app.isLarge);
    this.claims = new Claims(this.app, this, !only);
    await this.claims.ahead();
    this.show();
  }

  get task() { return this.queue[0]; }

  show() {
    const { task } = this;
    this.app.left(this.view, this.queue.length);
    if (!task) {
      this.card = null;
      this.remember();
      this.app.fill(el("p.done", {}, say(this.claims.isTaken ? "claimed" : this.view === "blind" ? "blind_none" : "nothing")));
      return;
    }
    if (this.claims.holdUp(task)) {
      this.card = null;
      return;
    }
    this.card = this.ahead?.task === task ? this.ahead : new Card(this, task, this.isHidden);
    this.ahead = null;
    this.card.node.classList.remove("is-ahead");
    if (this.card.node.parentNode === this.stage) {
      [...this.stage.children].filter((node) => node !== this.card.node).forEach((node) => node.remove());
    } else this.stage.replaceChildren(this.card.node);
    this.aside.replaceChildren(pageOf(task, this.isWhole));
    if (this.app.main.firstChild !== this.node) this.app.fill(this.node);
    this.app.afterPaint(() => setTimeout(() => this.prepare(task)));
  }

  // Once an item is on the screen: tell it aloud, fetch strips, and lay the next item out behind it, unseen.
  prepare(task) {
    if (this.task !== task || !this.card) return;
    this.app.tell([own(task.wording), own(task.row), ...(this.isHidden ? [] : reasonOf(task))].join(". "));
    this.remember();
    this.prefetch();
    const next = this.queue[1];
    if (!next || this.ahead) return;
    this.ahead = new Card(this, next, this.isHidden);
    this.ahead.node.classList.add("is-ahead");
    this.stage.append(this.ahead.node);
  }

  remember() { sessionStorage.setItem(this.memory, JSON.stringify(this.history)); }

  pick(at) {
    if (this.task.one && !this.card.several) this.decide("options", [at]);
    else this.card.toggle(at);
  }

  enter() {
    const { card, task } = this;
    if (card.touched || card.several) {
      this.decide("options", [...card.picked].sort((a, b) => a - b));
    } else if (task.guess && !this.isHidden) {
      this.decide("agree", []);
    } else if (task.one) {
      card.note.textContent = say("choose_first");
    } else {
      card.touched = true;
      card.note.textContent = say("enter_again");
    }
  }

  severalMeant() {
    const { card, task } = this;
    if (!task.one) return;
    const looking = task.boxes.flatMap((box, at) => (box.state === "marked" || box.kind ? [at] : []));
    if (looking.length > 1 && !this.isHidden && !card.several) {
      this.decide("options", looking);
      return;
    }
    card.several = true;
    card.picked = new Set();
    card.note.textContent = say("pick_several");
    card.mark();
  }

  decide(verb, picked) {
    const { task } = this;
    const id = this.app.outbox.put({ task: task.name, verb, picked });
    this.history.push({ id, task });
    this.history = this.history.slice(-UNDOABLE);
    this.app.counted();
    this.queue.shift();
    this.show();
    const chosen = picked.map((at) => own(task.boxes[at].label)).join(", ");
    this.lastSaid(say("decided", chosen || say({ none: "key_0", unreadable: "key_u", agree: "key_enter" }[verb] || "key_0")));
  }

  lastSaid(text) {
    if (this.card) this.card.note.textContent = text;
  }

  undo() {
    const last = this.history?.pop();
    if (!last) return;
    this.app.outbox.put({ task: last.task.name, verb: "withdraw", of: last.id });
    this.claims.takeBack(last.task);
    this.queue.unshift(last.task);
    this.show();
    this.lastSaid(say("undone"));
  }

  later() {
    this.queue.push(this.queue.shift());
    this.show();
  }

  larger(isLarge = !this.app.isLarge) {
    this.app.isLarge = isLarge;
    this.stage.classList.toggle("large", isLarge);
  }

  prefetch() {
    for (const task of this.queue.slice(1, 1 + AHEAD)) {
      picture(stripUrl(task));
      picture(blankUrl(task));
    }
    this.claims.ahead();
  }

  key(event) {
    const { key } = event;
    if (key === "Backspace") this.undo();
    else if (!this.card) return false;
    else if (!this.claims.isHeld(this.task)) this.show();
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
    const { card } = this;
    card.digit += key;
    if (card.isLong && card.digit.length < 2) {
      card.note.textContent = `${card.digit}_`;
      return;
    }
    const at = Number(card.digit) - 1;
    card.digit = "";
    if (at < 0) this.decide("none", []);
    else if (at < this.task.boxes.length) this.pick(at);
    else card.note.textContent = "";
  }
}
