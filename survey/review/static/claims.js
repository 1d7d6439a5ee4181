// Items are held for one person for some minutes, so that two who work at once do not meet.

const CLAIMED = 20; // items held for this person

// Holds the next items of a view's queue; resolves to the names of those that somebody else has or has decided.
async function takenAhead(app, view) {
  const taken = new Set();
  for (;;) {
    const next = view.queue.map((task) => task.name).filter((name) => !taken.has(name)).slice(0, CLAIMED);
    const answer = next.length ? await app.post("/api/claims", next) : null;
    if (!answer) return taken;
    const held = new Set(answer.held);
    const lost = next.filter((name) => !held.has(name));
    if (!lost.length) return taken;
    lost.forEach((name) => taken.add(name));
  }
}

// Claims at the first call, which a view waits for before it shows anything, and anew when half of what was held is done;
// leaves out of the queue what is taken.
export async function claim(app, view) {
  view.sinceClaim = (view.sinceClaim ?? CLAIMED) + 1;
  if (view.sinceClaim < CLAIMED / 2) return;
  view.sinceClaim = 0;
  const shown = view.task?.name;
  const taken = await takenAhead(app, view);
  if (!view.queue.some((task) => taken.has(task.name))) return;
  view.isTaken = true;
  view.queue = view.queue.filter((task) => !taken.has(task.name));
  if (view.isOpen && view.task?.name !== shown) view.show();
}
