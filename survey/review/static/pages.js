// Pages that were not simply read, and the overview.

import { el, number, own, picture, say } from "./paper.js";

export class Pages {
  constructor(app) { this.app = app; }

  async open() {
    const given = await this.app.get("/api/pages");
    this.pages = given.pages;
    this.questionnaires = given.questionnaires;
    this.list();
  }

  said(page) {
    return [
      page.turn && "said_turned", page.placed && "said_placed", page.fate && `said_${page.fate}`, page.again && "said_again",
    ].filter(Boolean).map((key) => say(key)).join(", ");
  }

  list() {
    const again = this.pages.filter((page) => page.again);
    this.app.fill(el("div.pages", {},
      el("h2", {}, say("pages")), el("p", {}, say("pages_intro")),
      this.pages.length ? el("div.scroll", { tabIndex: 0, role: "region", "aria-label": say("pages") }, el("table", {},
        el("thead", {}, el("tr", {}, ...["where", "place", "reason", "said"].map((key) => el("th", { scope: "col" }, say(key))))),
        el("tbody", {}, ...this.pages.map((page) => el("tr", {},
          el("th", { scope: "row" }, el("button.link", { type: "button", onclick: () => this.detail(page) }, this.where(page))),
          el("td", {}, say(`places/${page.place}`)),
          el("td", {}, own(page.reason), own(page.hint) ? el("div.small", {}, own(page.hint)) : null),
          el("td", {}, this.said(page))))))) : el("p.done", {}, say("nothing")),
      el("section.again", {}, el("h2", {}, say("again_list")),
        again.length ? el("ul", {}, ...again.map((page) => el("li", {},
          `${this.where(page)}${page.case ? ` · ${say("case")} ${page.case}` : ""}${page.page ? ` · ${say("page")} ${page.page}` : ""}`
          + ` – ${own(page.reason)}`))) : el("p", {}, say("again_none")),
        again.length ? el("button", { type: "button", onclick: () => window.print() }, say("print_list")) : null)));
    this.app.left("pages", this.pages.filter((page) => ["waiting", "unreadable"].includes(page.place) && !this.said(page)).length);
  }

  where(page) {
    if (document.documentElement.lang !== "de") return page.where;
    return page.where.replace(/ page (\d+)/, " Seite $1").replace(/, (left|right|upper|lower) half/, (_, half) => `, ${say(`halves/${half}`)}`).replace(/\(sheet (\d+) from the top\)/, "(Blatt $1 von oben)");
  }

  detail(page) {
    this.turn = page.turn;
    const names = Object.keys(this.questionnaires);
    const questionnaire = el("select", { id: "of" }, ...names.map((name) => el("option", {
      value: name, selected: name === page.questionnaire }, name)));
    const which = el("input", { id: "which", type: "number", min: 1, max: 99, value: page.page || 1 });
    const serial = el("input", { id: "serial", value: page.case.includes("#") ? "" : page.case, autocomplete: "off" });
    const why = el("input", { id: "why", maxLength: 300 });
    this.note = el("p.note", { role: "status" });
    this.figure = el("div.scan");
    const act = (verb, more) => el("button", {
      type: "button", onclick: () => this.reply(page, verb, more ? more() : {}) }, say(
      { counts: "counts", superseded: "set_aside", discarded: "discard", placed: "say_so", "scan again": "again" }[verb]));
    this.app.fill(el("div.ask.page-detail", {},
      el("div.work", {},
        el("button.link", { type: "button", onclick: () => this.open() }, `← ${say("back_to_list")}`),
        el("h2", {}, this.where(page)),
        el("p", {}, `${say(`places/${page.place}`)}: ${own(page.reason)}`),
        own(page.hint) ? el("p.small", {}, own(page.hint)) : null,
        this.note,
        page.number ? el("div.acts", {},
          el("fieldset", {}, el("legend", {}, say("is_page")),
            el("label", { htmlFor: "which" }, say("page")), which,
            names.length > 1 ? [el("label", { htmlFor: "of" }, say("of_questionnaire")), questionnaire] : null,
            el("label", { htmlFor: "serial" }, say("of_case")), serial,
            act("placed", () => ({ number: Number(which.value), text: `${questionnaire.value} ${serial.value.trim()}` }))),
          el("div.buttons", {}, act("counts"), act("superseded"), act("scan again")),
          el("fieldset", {}, el("legend", {}, say("discard")),
            el("label", { htmlFor: "why" }, say("discard_why")), why,
            act("discarded", () => ({ reason: why.value }))),
          el("p", {}, this.undoable ? el("button", { type: "button", onclick: () => this.undo(page) }, say("undo")) : null))
          : null),
      page.number ? el("aside", {},
        el("div.buttons", {},
          el("button", { type: "button", onclick: () => this.turned(page, -1) }, `↺ ${say("turn_left")}`),
          el("button", { type: "button", onclick: () => this.turned(page, 1) }, `↻ ${say("turn_right")}`)),
        this.figure) : null));
    this.draw(page);
    this.app.focusMain();
  }

  draw(page) {
    if (!page.number) return;
    const image = picture(`/picture/scan/${page.name}/${this.turn}`);
    image.alt = this.where(page);
    this.figure.replaceChildren(image);
  }

  turned(page, step) {
    this.turn = (this.turn + step + 4) % 4;
    this.draw(page);
    this.reply(page, "turned", { number: this.turn });
  }

  reply(page, verb, more) {
    if (verb === "discarded" && !more.reason.trim()) {
      this.note.textContent = say("needs_reason");
      return;
    }
    this.undoable = { id: this.app.outbox.put({ task: page.name, verb, ...more }), page: page.name };
    if (verb === "turned") page.turn = this.turn;
    else if (verb === "placed") page.placed = true;
    else if (verb === "scan again") page.again = true;
    else page.fate = verb;
    this.note.textContent = `${say("said")}: ${this.said(page)}`;
  }

  async undo(page) {
    this.app.outbox.put({ task: page.name, verb: "withdraw", of: this.undoable.id });
    this.undoable = null;
    await this.app.outbox.send();
    await this.open();
    this.app.tell(say("undone"));
  }

  key() { return false; }
}

export class Overview {
  constructor(app) { this.app = app; }

  async open() {
    const given = await this.app.get("/api/overview");
    this.given = given;
    Object.entries(given.left).forEach(([view, count]) => this.app.left(view, count));
    this.app.fill(el("div.overview", {},
      el("h2", {}, say("waits")),
      el("ul.tiles", {}, ...["ask", "read", "pages", "blind"].map((view) => el("li", {},
        el("strong", {}, String(given.left[view])), ` ${say(view)}`))),
      ...given.accounts.map((account) => this.ledger(account)),
      this.doubts(), this.people(), this.speed()));
  }

  ledger(account) {
    const rows = [["issued", account.issued], ["returned", account.returned], ["undeliverable", account.undeliverable],
      ["refused_people", account.refused], ["outstanding", account.outstanding]];
    const pages = Object.entries(account.pages).sort((a, b) => b[1] - a[1]);
    const scanned = pages.reduce((sum, [, count]) => sum + count, 0);
    return el("section", {}, el("h2", {}, `${say("ledger")} · ${account.questionnaire}`),
      el("div.two", {},
        this.table(say("issued"), rows.map(([key, count]) => [say(key), count])),
        this.table(say("scanned"), [...pages.map(([name, count]) => [say(`places/${name}`), count]), [say("scanned"), scanned]])));
  }

  table(caption, rows) {
    return el("table", {}, el("caption", {}, caption), el("tbody", {}, ...rows.map(([name, count]) => el("tr", {},
      el("th", { scope: "row" }, name), el("td.number", {}, number(count, 0))))));
  }

  doubts() {
    const rows = this.given.doubts;
    if (!rows.length) return null;
    return el("section", {}, el("h2", {}, say("doubts_by_item")),
      el("div.scroll", { tabIndex: 0, role: "region", "aria-label": say("doubts_by_item") }, el("table", {},
        el("thead", {}, el("tr", {}, ...["item", "kind"].map((key) => el("th", { scope: "col" }, say(key))), el("th.number", { scope: "col" }, say("count")))),
        el("tbody", {}, ...rows.map(([questionnaire, item, kind, count]) => el("tr", {},
          el("th", { scope: "row" }, own(this.given.wording[questionnaire][item])),
          el("td", {}, say(`kinds/${kind}`)), el("td.number", {}, number(count, 0))))))));
  }

  people() {
    const { people, agreement, timing, audits } = this.given;
    const heads = timing ? ["person", "decisions", "per_minute"] : ["person", "decisions"];
    return el("section", {}, el("h2", {}, say("people")),
      people.length ? el("table", {},
        el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { scope: "col" }, say(key))))),
        el("tbody", {}, ...people.map((one) => el("tr", {}, el("th", { scope: "row" }, one.name),
          el("td.number", {}, number(one.decisions, 0)),
          timing ? el("td.number", {}, one.per_minute === null ? "–" : number(one.per_minute, 1)) : null)))) : el("p", {}, say("nothing_yet")),
      el("h3", {}, say("agreement")),
      el("p", {}, agreement.boxes ? say("agreement_said", number(agreement.boxes, 0), number(100 * agreement.share, 1),
        agreement.kappa === null ? "–" : number(agreement.kappa, 2)) : say("agreement_none")),
      ...audits.map((audit) => el("p", {}, say("audit_said", audit.sample, audit.judged, audit.size, audit.wrong))));
  }

  speed() {
    const { count, minutes } = this.app.ownSpeed();
    return count < 10 ? null : el("p.small", {}, say("own_speed", number(count / Math.max(minutes, 0.1), 0)));
  }

  key() { return false; }
}
