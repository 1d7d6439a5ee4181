// Read: what was written by hand, one strip at a time.

import { Claims } from "./claims.js";
import { el, own, pageOf, picture, say, stripOf, stripUrl } from "./paper.js";

const AHEAD = 4;
const BEGINS = "⟦";
const ENDS = "⟧";

export class Read {
  constructor(app) {
    this.app = app;
    this.history = [];
    this.counts = {};
  }

  async open(only) {
    const given = only || (await this.app.get("/api/queue/read"));
    this.queue = given.tasks;
    this.isWhole = given.whole_page;
    this.counts = given.themes || {};
    this.claims = new Claims(this.app, this, !only);
    await this.claims.ahead();
    this.show();
  }

  get task() { return this.queue[0]; }

  show() {
    const { task } = this;
    this.app.left("read", this.queue.length);
    if (!task) {
      this.app.fill(el("div.done", {}, el("p", {}, say(this.claims.isTaken ? "claimed" : "nothing")),
        this.history.length ? el("button", { type: "button", onclick: () => this.undo() }, say("undo")) : null));
      return;
    }
    if (this.claims.holdUp(task)) return;
    this.themes = new Set();
    this.note = el("p.note", { role: "status" });
    const isDigits = task.kind === "digits";
    const paper = el("section.paper", { "aria-label": own(task.wording) }, stripOf(task, []));
    this.input = isDigits
      ? el("input", { id: "typed", inputMode: "numeric", autocomplete: "off", maxLength: task.digits })
      : el("textarea", { id: "typed", rows: 4, maxLength: 4000, spellcheck: true, lang: "de" });
    this.input.addEventListener("input", () => this.claims.keep());
    this.list = el("div.themes");
    this.print = el("input", { id: "print", type: "checkbox" });
    this.app.fill(el(this.app.isLarge ? "div.ask.large" : "div.ask", {},
      el("div.work", {},
        el("div.head", {}, el("h2", {}, own(task.wording)),
          el("p.small", {}, `${say("case")} ${task.case} · ${say("page")} ${task.page}`)),
        isDigits && task.seems ? el("dl.told", {}, el("dt", {}, say("seems")), el("dd", {}, task.seems)) : null,
        paper,
        el("label", { htmlFor: "typed" }, say(isDigits ? "digits" : "typed")), this.input,
        isDigits ? null : this.extras(),
        this.note,
        el("div.buttons", {},
          el("button.main", { type: "button", onclick: () => this.save() },
            el("kbd", {}, say(isDigits ? "key_save_digits" : "key_save_text")), ` ${say("save")}`),
          ...[["U", "unreadable"], ["S", "later"], ["Z", "undo"]].map(([key, text]) => el("button", {
            type: "button", onclick: () => this[text]() }, el("kbd", {}, `Alt ${key}`), ` ${say(text)}`)))),
      el("aside", {}, pageOf(task, this.isWhole))));
    if (!isDigits) this.markThemes();
    this.app.tell(own(task.wording));
    this.input.focus({ preventScroll: true });
    this.claims.ahead();
    this.queue.slice(1, 1 + AHEAD).forEach((next) => picture(stripUrl(next)));
  }

  extras() {
    const title = el("h3", { id: "themes-title" }, say("themes"));
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-labelledby", "themes-title");
    return el("div.extras", {},
      el("button", { type: "button", onclick: () => this.hideName() }, el("kbd", {}, say("key_name")), ` ${say("name_hide")}`),
      title, this.task.themes.length ? this.list : el("p.small", {}, say("no_themes")),
      el("p", {}, this.print, " ", el("label", { htmlFor: "print" }, say("may_print"), " ", el("kbd", {}, "Alt P"))));
  }

  markThemes() {
    const of = this.counts[this.task.item] || {};
    this.list.replaceChildren(...this.task.themes.map((theme, at) => el("button", {
      type: "button", "aria-pressed": String(this.themes.has(theme.code)), onclick: () => this.toggle(theme.code),
    }, at < 9 ? el("kbd", {}, `Alt ${at + 1}`) : null, ` ${own(theme.label)} `,
    el("span.count", {}, String((of[theme.code] || 0) + (this.themes.has(theme.code) ? 1 : 0))))));
  }

  toggle(code) {
    if (this.themes.has(code)) this.themes.delete(code); else this.themes.add(code);
    this.markThemes();
    this.input.focus();
  }

  // Put marks around what is selected: a name, which no export will ever show.
  hideName() {
    const { selectionStart: from, selectionEnd: to, value } = this.input;
    if (from === to) return;
    this.input.setRangeText(`${BEGINS}${value.slice(from, to)}${ENDS}`, from, to, "end");
    this.input.focus();
  }

  save() {
    const { task } = this;
    const text = this.input.value.trim();
    if (task.kind === "digits" && !/^[0-9]*$/.test(text)) {
      this.note.textContent = say("digits_wrong", task.digits);
      return;
    }
    const themes = [...this.themes];
    const of = (this.counts[task.item] ||= {});
    themes.forEach((code) => { of[code] = (of[code] || 0) + 1; });
    this.settle({ verb: "typed", text, themes, may_print: Boolean(this.print.checked) });
  }

  unreadable() { this.settle({ verb: "unreadable" }); }

  settle(reply) {
    const { task } = this;
    const id = this.app.outbox.put({ task: task.name, ...reply });
    this.history.push({ id, task, reply });
    this.app.counted();
    this.queue.shift();
    this.show();
  }

  undo() {
    const last = this.history.pop();
    if (!last) return;
    this.app.outbox.put({ task: last.task.name, verb: "withdraw", of: last.id });
    (last.reply.themes || []).forEach((code) => { this.counts[last.task.item][code] -= 1; });
    this.claims.takeBack(last.task);
    this.queue.unshift(last.task);
    this.show();
    this.input.value = last.reply.text || "";
    this.themes = new Set(last.reply.themes || []);
    if (last.task.kind !== "digits") this.markThemes();
  }

  later() {
    this.queue.push(this.queue.shift());
    this.show();
  }

  // Keys that work while typing. AltGr, which Windows reports as Ctrl and Alt, types letters such as { and @.
  typing(event) {
    if (!this.task || event.isComposing || event.getModifierState("AltGraph")) return false;
    const isCtrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (isCtrl && event.altKey) return false;
    if (key === "enter" && (isCtrl || this.task.kind === "digits")) this.save();
    else if (isCtrl && key === "b") this.hideName();
    else if (event.altKey) return this.withAlt(key, Number(event.code.replace("Digit", "")) - 1);
    else return false;
    return true;
  }

  withAlt(key, at) {
    const theme = this.task.themes[at];
    if (theme) this.toggle(theme.code);
    else if (key === "u") this.unreadable();
    else if (key === "s") this.later();
    else if (key === "z") this.undo();
    else if (key === "p" && this.task.kind !== "digits") this.print.checked = !this.print.checked;
    else return false;
    return true;
  }

  // The same where the text field has not the focus, as when nothing is left but to take back.
  key() { return false; }
}
