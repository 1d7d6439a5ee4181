// Replies wait in the browser until the server has them on disk: one entry a reply, sent in order, each with its own name.

const PREFIX = "survey.outbox.";
const AT_ONCE = 50;      // replies sent in one request
const PATIENCE = 15000;  // ms without an answer after which a request is tried anew
const PAUSES = [200, 500, 1000, 2000]; // ms between tries

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Outbox {
  constructor(onState, onRefused) {
    this.onState = onState;
    this.onRefused = onRefused;
    this.last = 0;
    this.tries = 0;
    this.running = null;
  }

  keys() {
    const found = [];
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at);
      if (key.startsWith(PREFIX)) found.push(key);
    }
    return found.sort();
  }

  put(reply) {
    const entry = { id: uuid(), ...reply };
    this.last = Math.max(this.last + 1, Date.now() * 1000);
    localStorage.setItem(`${PREFIX}${String(this.last).padStart(17, "0")}.${entry.id}`, JSON.stringify(entry));
    this.waiting = (this.waiting || 0) + 1;
    this.onState("saving", this.waiting);
    this.send();
    return entry.id;
  }

  // Sends until nothing is left; resolves then, or when the server cannot be reached just now.
  send() {
    if (!this.running) {
      this.running = this.sendAll().finally(() => { this.running = null; });
    }
    return this.running;
  }

  async sendAll() {
    for (;;) {
      const keys = this.keys();
      this.waiting = keys.length;
      if (!keys.length) {
        this.tries = 0;
        this.onState("saved", 0);
        return true;
      }
      const done = navigator.locks
        ? await navigator.locks.request("survey-outbox", () => this.sendSome())
        : await this.sendSome();
      if (!done) {
        const pause = PAUSES[Math.min(this.tries, PAUSES.length - 1)];
        this.tries += 1;
        setTimeout(() => this.send(), pause);
        return false;
      }
      this.tries = 0;
    }
  }

  async sendSome() {
    const keys = this.keys().slice(0, AT_ONCE);
    if (!keys.length) return true;
    const replies = keys.map((key) => JSON.parse(localStorage.getItem(key)));
    let answer;
    try {
      answer = await fetch("/api/replies", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(replies),
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      this.onState("offline", this.keys().length);
      return false;
    }
    if (!answer.ok) {
      this.onState(answer.status === 401 ? "locked_out" : "offline", this.keys().length);
      return false;
    }
    const { kept, refused } = await answer.json();
    const gone = new Set([...kept, ...Object.keys(refused)]);
    keys.forEach((key, at) => {
      if (gone.has(replies[at].id)) localStorage.removeItem(key);
    });
    Object.values(refused).forEach((why) => this.onRefused(why));
    const left = this.keys().length;
    if (left) this.onState("saving", left);
    return true;
  }
}
