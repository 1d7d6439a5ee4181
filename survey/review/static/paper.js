// Small helpers that every view uses: elements, texts, and pictures of paper.

const LANGUAGE = "survey.language";
export const words = { language: localStorage.getItem(LANGUAGE) || "de", all: {} };

export async function loadTexts(language) {
  words.language = language;
  localStorage.setItem(LANGUAGE, language);
  words.all = await (await fetch(`/api/texts/${language}`)).json();
  document.documentElement.lang = language;
}

export function say(key, ...parts) {
  const text = key.split("/").reduce((found, part) => (found || {})[part], words.all) || key;
  return String(text).replace(/\{(\d)\}/g, (_, at) => parts[Number(at)] ?? "");
}

export function own(text) {
  return text[words.language] || Object.values(text)[0] || "";
}

export function number(value, digits = 2) {
  return value.toLocaleString(words.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// el("p.small", {id: "x", onclick: f}, "text", child)
export function el(what, given = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  made.classList.add(...classes);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list" && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function place(node, [left, top, width, height]) {
  node.style.left = `${left}%`;
  node.style.top = `${top}%`;
  node.style.width = `${width}%`;
  node.style.height = `${height}%`;
  return node;
}

// Pictures are kept as elements: one that was fetched ahead is shown without asking the server again.
const kept = new Map();
const MOST_KEPT = 40;

export function picture(url) {
  let image = kept.get(url);
  if (!image) {
    image = new Image();
    image.src = url;
    image.draggable = false;
    image.decoding = "sync"; // a frame waits for its strip rather than show a hole
    image.ready = image.decode().catch(() => {});
  }
  kept.delete(url);
  kept.set(url, image);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return image;
}

export const stripUrl = (task) => `/picture/strip/${task.name}`;
export const blankUrl = (task) => `/picture/blank/${encodeURIComponent(task.questionnaire)}/${task.page}`;

const SHOWN = 7.5; // px a mm of paper, where there is room

export const doubted = (task) => task.boxes.flatMap((box, at) => (box.kind ? [at] : []));

// The strip with a ring around some boxes and lines around the row that is asked.
export function stripOf(task, ringed, image = picture(stripUrl(task))) {
  image.alt = say("strip_alt", own(task.wording));
  const frame = el("div.strip", {}, image);
  frame.style.setProperty("--ratio", task.size[0] / task.size[1]);
  frame.style.setProperty("--natural", `${Math.round(task.size[0] * SHOWN)}px`);
  if (own(task.row) && task.boxes.length) {
    const top = Math.min(...task.boxes.map((box) => box.at[1]));
    const bottom = Math.max(...task.boxes.map((box) => box.at[1] + box.at[3]));
    frame.append(place(el("span.band"), [0, top - 1.2, 100, bottom - top + 2.4]));
  }
  for (const at of ringed) {
    const [left, top, width, height] = task.boxes[at].at;
    frame.append(place(el("span.ring"), [left - width * 0.3, top - height * 0.3, width * 1.6, height * 1.6]));
  }
  return frame;
}

// A copy of a picture that asks the server for nothing, drawn when there is time for it.
function smallCopy(image) {
  const copy = document.createElement("canvas");
  image.ready.then(() => requestAnimationFrame(() => setTimeout(() => {
    copy.width = Math.round(image.naturalWidth / 2);
    copy.height = Math.round(image.naturalHeight / 2);
    if (copy.width) copy.getContext("2d").drawImage(image, 0, 0, copy.width, copy.height);
  })));
  return copy;
}

// The page: the blank's print with the strip in its place, or the whole scan where the project allows it.
export function pageOf(task, isWhole) {
  const image = picture(isWhole ? `/picture/page/${task.name}` : blankUrl(task));
  image.alt = say("page_alt", task.page);
  const frame = el("div.page", {}, image);
  frame.style.aspectRatio = `${task.paper[0]} / ${task.paper[1]}`;
  const part = place(el("span.part"), task.frame);
  if (!isWhole) {
    part.append(smallCopy(picture(stripUrl(task))));
  }
  frame.append(part);
  return el("figure", {}, frame, isWhole ? null : el("figcaption", {}, say("masked")));
}

export function reasonOf(task) {
  return task.boxes.filter((box) => box.kind && box.numbers).map((box) => {
    const numbers = box.numbers.map((one) => number(one));
    return `${own(box.label)}: ${say(`doubts/${box.kind}`, ...numbers)}`;
  });
}
