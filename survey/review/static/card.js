// A card shows one item to decide: what the machine reads and why it asks, the strip, the options, the keys.

import { doubted, el, own, reasonOf, say, stripOf } from "./paper.js";

export class Card {
  // `desk` hears what is pressed; `hides` is what it must not show: the machine's reading.
  constructor(desk, task, hides) {
    this.desk = desk;
    this.task = task;
    this.hides = hides;
    this.picked = new Set();
    this.digit = "";
    this.several = false;
    this.touched = false;
    if (!hides) this.suggest();
    const strip = stripOf(task, hides ? [] : doubted(task));
    this.image = strip.querySelector("img");
    this.image.setAttribute("elementtiming", "strip");
    this.list = el("ol.options", { "aria-label": say("options") });
    this.note = el("p.note", { role: "status" });
    this.node = el("div.work", {},
      this.head(), hides ? null : this.told(), el("section.paper", { "aria-label": own(task.wording) }, strip),
      this.list, this.note, this.buttons());
    this.mark();
  }

  get isLong() { return this.task.boxes.length > 9; }

  // What is certain stands already where several may be marked; what is in doubt only if the machine has a guess.
  suggest() {
    const { task } = this;
    const certain = task.boxes.flatMap((box, at) => (box.state === "marked" && !box.kind ? [at] : []));
    const shown = task.guess || (task.one ? [] : certain);
    shown.forEach((at) => this.picked.add(at));
  }

  head() {
    const { task } = this;
    const kind = this.hides || !task.kind ? "" : ` · ${say(`kinds/${task.kind}`)}`;
    return el("div.head", {},
      this.hides ? el("p.small", {}, `${say(this.desk.isSecond ? "double" : "blind")}: ${say("blind_intro")}`) : null,
      el("h2", {}, own(task.wording)),
      own(task.row) ? el("p.row", {}, `${say("row")}: ${own(task.row)}`) : null,
      el("p.small", {}, `${say("case")} ${task.case} · ${say("page")} ${task.page}${kind}`));
  }

  told() {
    const { task } = this;
    const marked = task.boxes.filter((box) => box.state === "marked").map((box) => own(box.label));
    const reads = marked.length ? marked.join(", ") : say("machine_none");
    const guess = task.guess && (task.guess.map((at) => own(task.boxes[at].label)).join(", ") || say("machine_blank"));
    const reasons = reasonOf(task);
    return el("dl.told", {},
      el("dt", {}, say("machine")), el("dd", {}, guess || reads),
      ...(reasons.length ? [el("dt", {}, say("why")), el("dd", {}, ...reasons.map((line) => el("div", {}, line)))] : []));
  }

  buttons() {
    const { desk } = this;
    const keys = [
      ["Enter", this.hides || !this.task.guess ? "key_done" : "key_enter", () => desk.enter()],
      [this.isLong ? "00" : "0", "key_0", () => desk.decide("none", [])],
      ["M", "key_m", () => desk.severalMeant()], ["U", "key_u", () => desk.decide("unreadable", [])],
      ["⌫", "key_back", () => desk.undo()], ["S", "key_s", () => desk.later()], ["F", "key_f", () => desk.larger()],
    ];
    return el("div.buttons.keys", {}, keys
      .filter(([key]) => key !== "M" || this.task.one)
      .map(([key, text, act]) => el("button", { type: "button", onclick: act }, el("kbd", {}, key), ` ${say(text)}`)));
  }

  // Draw the options with what is picked.
  mark() {
    this.list.replaceChildren(...this.task.boxes.map((box, at) => {
      const digits = this.isLong ? String(at + 1).padStart(2, "0") : String(at + 1);
      const doubt = box.kind && !this.hides ? el("span.doubt", { title: say(`kinds/${box.kind}`) }, "?") : null;
      return el("li", {}, el("button", {
        type: "button", "aria-pressed": String(this.picked.has(at)), onclick: () => this.desk.pick(at),
      }, el("kbd", {}, digits), el("span.label", {}, own(box.label)), doubt));
    }));
    this.list.classList.toggle("many", this.isLong);
  }

  toggle(at) {
    if (this.picked.has(at)) this.picked.delete(at); else this.picked.add(at);
    this.touched = true;
    this.note.textContent = "";
    this.mark();
  }
}
