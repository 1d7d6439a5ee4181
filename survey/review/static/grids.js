// Sweep: boxes of one kind of doubt side by side; and the paper behind a number.

import { el, own, picture, say, stripOf, stripUrl } from "./paper.js";

const MOST_BEHIND = 500; // strips behind a number that are shown, as behind.py says
const MOST = 400; // crops on one screen; the next ones follow when these are settled

export class Sweep {
  constructor(app) {
    this.app = app;
    this.kind = "";
  }

  async open() {
    const { tasks } = await this.app.get("/api/queue/ask");
    this.cells = tasks.flatMap((task) => task.boxes
      .map((box, at) => ({ task, box, at }))
      .filter(({ box }) => box.kind && box.kind !== "outside"));
    this.kinds = [...new Set(this.cells.map(({ box }) => box.kind))];
    if (!this.kinds.includes(this.kind)) [this.kind] = this.kinds;
    this.show();
  }

  show() {
    if (!this.kind) {
      this.app.fill(el("p.done", {}, say("nothing")));
      return;
    }
    this.shown = this.cells.filter(({ box }) => box.kind === this.kind).sort((a, b) => a.box.ink - b.box.ink)
      .slice(0, MOST);
    this.shown.forEach((cell) => { cell.isMarked ??= cell.box.likely; }); // null: open, nobody has said what it is
    const kind = el("select", { id: "kind", onchange: (event) => { this.kind = event.target.value; this.show(); } },
      ...this.kinds.map((one) => el("option", { value: one, selected: one === this.kind }, say(`kinds/${one}`))));
    this.grid = el("div.sweep", { role: "listbox", "aria-label": say(`kinds/${this.kind}`), tabIndex: 0 });
    this.grid.append(...this.shown.map((cell, at) => this.draw(cell, at)));
    this.about = el("p.about", { "aria-hidden": "true" }); // the cell's own label says the same
    this.app.fill(el("div.sweeping", {},
      el("div.head", {}, el("h2", {}, say("sweep")),
        el("p", {}, el("label", { htmlFor: "kind" }, say("sweep_kind")), " ", kind, ` ${say("left", this.cells.filter(({ box }) => box.kind === this.kind).length)}`),
        el("p.small", {}, say("sweep_help")), this.about),
      this.grid,
      el("div.buttons", {},
        this.button("⇧ Enter", () => this.settle(), this.settling = el("span")),
        this.button(`⇧ ${say("key_space")}`, () => this.sameBehind(), say("sweep_same"))),
      this.note = el("p.note", { role: "status" })));
    this.at = 0;
    this.focus();
  }

  button(key, onclick, text) {
    return el("button", { type: "button", onclick }, el("kbd", {}, key), " ", text);
  }

  draw(cell, at) {
    const image = picture(`/picture/crop/${cell.task.name}/${cell.at}`);
    image.alt = "";
    cell.word = el("span.word");
    cell.node = el("div.cell", {
      role: "option", id: `cell-${at}`, "aria-selected": "false", onclick: () => { this.at = at; this.flip(); },
    }, image, cell.word);
    this.tellState(cell);
    return cell.node;
  }

  tellState(cell) {
    const { task, box, node } = cell;
    cell.word.textContent = this.state(cell);
    node.classList.toggle("is-marked", cell.isMarked === true);
    node.classList.toggle("is-open", cell.isMarked === null);
    node.setAttribute("aria-label",
      say("crop_alt", `${own(task.wording)} ${own(task.row)} ${own(box.label)}`, this.state(cell)));
  }

  state(cell) {
    if (cell.isMarked === null) return say("sweep_open");
    const not = ["filled", "heavy"].includes(cell.box.kind) ? "states/revoked" : "states/empty";
    return say(cell.isMarked ? "states/marked" : not);
  }

  focus() {
    this.shown.forEach((cell, at) => {
      cell.node.classList.toggle("is-at", at === this.at);
      cell.node.classList.toggle("is-beyond", at >= this.at);
      cell.node.setAttribute("aria-selected", String(at === this.at));
    });
    this.grid.setAttribute("aria-activedescendant", `cell-${this.at}`);
    const { task, box, node } = this.shown[this.at];
    this.about.textContent = [own(task.wording), own(task.row), own(box.label), `${say("case")} ${task.case}`].filter(Boolean).join(" · ");
    const beyond = this.shown.slice(this.at);
    const open = beyond.filter((cell) => cell.isMarked === null).length;
    this.settling.textContent = say("sweep_settle", beyond.length - open, open);
    this.note.textContent = "";
    node.scrollIntoView({ block: "nearest" });
  }

  // Marked and empty take turns; where the machine suggests nothing, open is the third.
  flip() {
    const cell = this.shown[this.at];
    if (cell.isMarked === false && cell.box.likely === null) cell.isMarked = null;
    else cell.isMarked = !cell.isMarked;
    this.tellState(cell);
    this.app.tell(this.state(cell));
    this.focus();
  }

  sameBehind() {
    const { isMarked } = this.shown[this.at];
    if (isMarked === null) {
      this.note.textContent = say("sweep_first");
      return;
    }
    for (const cell of this.shown.slice(this.at).filter((one) => one.isMarked === null)) {
      cell.isMarked = isMarked;
      this.tellState(cell);
    }
    this.focus();
  }

  settle() {
    const gone = new Set(this.shown.slice(this.at).filter((cell) => cell.isMarked !== null));
    if (!gone.size) {
      this.note.textContent = say("sweep_first");
      return;
    }
    for (const cell of gone) {
      this.app.outbox.put({
        task: cell.task.name, verb: "box", picked: [cell.at], text: cell.isMarked ? "marked" : "empty",
      });
      this.app.counted();
    }
    this.cells = this.cells.filter((cell) => !gone.has(cell));
    this.kinds = [...new Set(this.cells.map(({ box }) => box.kind))];
    if (!this.kinds.includes(this.kind)) [this.kind] = this.kinds;
    this.show();
  }

  key(event) {
    if (!this.kind) return false;
    const wide = Math.max(1, Math.round(this.grid.clientWidth / (this.shown[0].node.offsetWidth + 8)));
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide };
    if (event.key in steps) {
      this.at = Math.min(Math.max(this.at + steps[event.key], 0), this.shown.length - 1);
      this.focus();
    } else if (event.key === " " && event.shiftKey) this.sameBehind();
    else if (event.key === " ") this.flip();
    else if (event.key === "Enter" && event.shiftKey) this.settle();
    else return false;
    return true;
  }
}

export class Behind {
  constructor(app, key) {
    this.app = app;
    this.number = key;
  }

  async open() {
    const found = await this.app.get(`/api/number/${encodeURIComponent(this.number)}`);
    if (!found?.tasks?.length) {
      this.app.fill(el("div.done", {}, el("p", {}, say("number_none", this.number)),
        found?.error ? el("p.small", { lang: "en" }, found.error) : null,
        found?.hint ? el("p.small", { lang: "en" }, found.hint) : null));
      return;
    }
    this.app.fill(el("div.behind", {},
      el("div.head", {}, el("h2", {}, own(found.title) || this.number),
        el("p", {}, say("number_intro", this.number, found.cases)),
        found.tasks.length >= MOST_BEHIND ? el("p.small", {}, say("number_first", found.tasks.length)) : null),
      ...found.tasks.map((task) => this.draw(task, found))));
  }

  draw(task, found) {
    const image = el("img", { loading: "lazy", src: stripUrl(task) }); // hundreds: only those one scrolls to are fetched
    const strip = stripOf(task, task.ring, image);
    const marked = task.boxes.filter((box) => box.state === "marked").map((box) => own(box.label)).join(", ");
    return el("article", {}, el("h3", {}, `${say("case")} ${task.case}`),
      strip,
      el("p", {}, task.view === "read" ? task.typed || say("not_typed") : marked || say("machine_blank")),
      el("button", { type: "button", onclick: () => this.app.decideAgain(task, found) }, say("look_again")));
  }

  key() { return false; }
}
