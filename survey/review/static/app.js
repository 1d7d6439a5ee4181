// The page's frame: which view is open, which key it hears, what is saved.

import { Ask } from "./ask.js";
import { Behind, Sweep } from "./grids.js";
import { Outbox } from "./outbox.js";
import { Overview, Pages } from "./pages.js";
import { el, loadTexts, say, words } from "./paper.js";
import { Read } from "./reading.js";

const VIEWS = ["ask", "sweep", "read", "pages", "blind", "overview"];
const THEME = "survey.theme";
const KEYS_OFF = "survey.keys_off";
const SPEED = "survey.speed";
const PAUSE = 60000; // ms: a longer gap between two replies is no work

class App {
  constructor() {
    this.main = document.getElementById("main");
    this.counts = {};
    this.isLarge = false;
    this.outbox = new Outbox((state, left) => this.saved(state, left), (why) => this.refused(why));
  }

  async start() {
    document.documentElement.dataset.theme = localStorage.getItem(THEME) || "auto";
    await loadTexts(words.language);
    this.frame();
    document.addEventListener("keydown", (event) => this.hear(event));
    window.addEventListener("hashchange", () => this.open());
    await Promise.race([this.outbox.send(), new Promise((done) => { setTimeout(done, 3000); })]);
    const behind = decodeURIComponent(window.location.pathname).match(/^\/number\/(.+)$/);
    if (behind && !window.location.hash) this.behind = behind[1];
    await this.open();
    const left = (await this.get("/api/overview"))?.left;
    if (left) Object.entries(left).forEach(([view, count]) => this.left(view, count));
  }

  frame() {
    document.title = `${say("title")} – survey`;
    document.getElementById("title").textContent = say("title");
    document.getElementById("skip").textContent = say("skip");
    const nav = document.getElementById("views");
    nav.setAttribute("aria-label", say("title"));
    nav.replaceChildren(...VIEWS.map((view) => el("a", { href: `#${view}`, id: `to-${view}` }, say(view), el("span.count"))));
    document.getElementById("tools").replaceChildren(
      el("button", { type: "button", onclick: () => this.switchLanguage(), lang: words.language === "de" ? "en" : "de" }, say("language")),
      el("button", { type: "button", onclick: () => this.switchTheme() }, say("dark")),
      el("button", { type: "button", onclick: () => this.help() }, el("kbd", {}, "?"), ` ${say("key_help")}`));
    Object.entries(this.counts).forEach(([view, count]) => this.left(view, count));
  }

  // One view after the other: who goes on before a view is there gets the one asked for last.
  open() {
    const now = () => this.openNow();
    this.opening = (this.opening || Promise.resolve()).then(now, now);
    return this.opening;
  }

  async openNow() {
    const name = window.location.hash.slice(1);
    const wanted = VIEWS.includes(name) ? name : "ask";
    if (name) this.behind = null;
    document.querySelectorAll("#views a").forEach((link) => {
      if (!this.behind && link.id === `to-${wanted}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const made = {
      ask: () => new Ask(this, "ask"), blind: () => new Ask(this, "blind"), sweep: () => new Sweep(this),
      read: () => new Read(this), pages: () => new Pages(this), overview: () => new Overview(this),
    };
    await this.outbox.send();
    this.view = this.behind ? new Behind(this, this.behind) : made[wanted]();
    await this.view.open();
    document.body.dataset.view = this.behind ? "number" : wanted;
    this.focusMain();
  }

  async decideAgain(task, found) {
    this.view = task.view === "read" ? new Read(this) : new Ask(this, "number");
    await this.view.open({ ...found, tasks: [task] });
    this.focusMain();
  }

  async get(url) {
    try {
      const answer = await fetch(url);
      if (answer.status === 401) this.saved("locked_out", this.outbox.keys().length);
      return answer.ok || answer.status === 404 ? await answer.json() : { tasks: [], pages: [], left: {} };
    } catch {
      this.saved("offline", this.outbox.keys().length);
      return { tasks: [], pages: [], left: {}, accounts: [], doubts: [], people: [], agreement: {}, audits: [] };
    }
  }

  async post(url, body, patience) {
    try {
      const answer = await fetch(url, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
        signal: patience ? AbortSignal.timeout(patience) : null,
      });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  fill(...nodes) { this.main.replaceChildren(...nodes); }

  focusMain() { this.main.focus({ preventScroll: true }); }

  tell(text) { document.getElementById("said").textContent = text; }

  left(view, count) {
    this.counts[view] = count;
    const badge = document.querySelector(`#to-${view} .count`);
    if (badge) badge.textContent = count ? String(count) : "";
  }

  saved(state, left) {
    const line = document.getElementById("state");
    line.dataset.state = state;
    line.textContent = say(state, left);
  }

  refused(why) { this.tell(say("refused", why)); document.getElementById("state").title = say("refused", why); }

  hear(event) {
    if (document.getElementById("help").open) return;
    const { target } = event;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    if (isTyping) {
      if (this.view?.typing?.(event)) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(KEYS_OFF)) return;
    if (/^(BUTTON|A)$/.test(target.tagName) && (event.key === "Enter" || event.key === " ")) return;
    if (event.key === "?") {
      this.help();
      return;
    }
    const before = this.view?.card;
    if (!this.view?.key(event)) return;
    event.preventDefault();
    if (this.view.card !== before) {
      this.focusMain();
      this.time(event.timeStamp);
    }
  }

  // From the key, as the browser stamped it, to the next item on the screen, its strip decoded.
  async time(pressed) {
    await this.view.card?.image.ready;
    this.afterPaint(() => performance.measure("survey.step", { start: pressed, end: performance.now() }));
  }

  // Call when the frame with all that has been done so far was handed to the screen.
  afterPaint(done) {
    requestAnimationFrame(() => {
      const turn = new MessageChannel();
      turn.port1.onmessage = done;
      turn.port2.postMessage(null);
    });
  }

  counted() {
    const now = Date.now();
    const today = new Date().toDateString();
    let kept = JSON.parse(localStorage.getItem(SPEED) || "{}");
    if (kept.today !== today) kept = { today, count: 0, spent: 0, last: now };
    kept.count += 1;
    kept.spent += Math.min(now - kept.last, PAUSE);
    kept.last = now;
    localStorage.setItem(SPEED, JSON.stringify(kept));
  }

  ownSpeed() {
    const kept = JSON.parse(localStorage.getItem(SPEED) || "{}");
    return kept.today === new Date().toDateString() ? { count: kept.count, minutes: kept.spent / 60000 } : { count: 0, minutes: 0 };
  }

  async switchLanguage() {
    await loadTexts(words.language === "de" ? "en" : "de");
    this.frame();
    await this.open();
  }

  switchTheme() {
    const root = document.documentElement;
    const isDark = root.dataset.theme === "dark"
      || (root.dataset.theme === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = isDark ? "light" : "dark";
    localStorage.setItem(THEME, root.dataset.theme);
  }

  help() {
    const dialog = document.getElementById("help");
    const rows = [["1–9", "key_digits"], ["01–99", "key_two"], ["0 / 00", "key_0"], ["M", "key_m"], ["U", "key_u"],
      ["Enter", "key_enter"], ["Backspace", "key_back"], ["S", "key_s"], ["F", "key_f"], ["?", "key_help"]];
    const off = el("input", { type: "checkbox", id: "keys-off", checked: Boolean(localStorage.getItem(KEYS_OFF)),
      onchange: (event) => {
        if (event.target.checked) localStorage.setItem(KEYS_OFF, "yes"); else localStorage.removeItem(KEYS_OFF);
      } });
    dialog.replaceChildren(
      el("h2", { id: "help-title" }, say("help")),
      el("dl", {}, ...rows.flatMap(([key, text]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, say(text))])),
      el("p", {}, say("sweep_help")),
      el("p", {}, off, " ", el("label", { htmlFor: "keys-off" }, say("keys_off"))),
      el("button", { type: "button", onclick: () => dialog.close() }, say("close")));
    dialog.showModal();
  }
}

const app = new App();
window.surveyReview = app;
app.start();
