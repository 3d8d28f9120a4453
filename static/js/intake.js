// Typing one item after the other: Enter takes it, also without a connection. It waits in the browser and is sent once.
import { length } from "./counter.js";
import { read, next } from "./intake-numbers.js";
import { keepPage } from "./intake-page.js";
import { open } from "./intake-queue.js";
import { send } from "./intake-sending.js";
import { kinds } from "./personal-numbers.js";

const NOTE_MOST = 80, TEXT_MOST = 2000, SIDE = 1600, SHOWN = 20, AGAIN_MS = 15_000;
const STAYS = ["visit", "form", "neighbourhood", "category"];
const form = document.querySelector("form.typing"), words = JSON.parse(form.dataset.words);
const { text, number, photograph, many } = form.elements, { address } = form.dataset;
const original = document.createElement("figure");
const note = document.querySelector("[data-connection]"), refused = form.querySelector("[data-refused]");
const section = document.querySelector("[data-queue]"), list = section.querySelector("ul");
const rows = new Map();
let queue, account, key = crypto.randomUUID(), picture = null, sheet = "", shrinking = Promise.resolve(), place = 0, stopped = "";

// What the page says

const element = (tag, name, content = "") => Object.assign(document.createElement(tag), { className: name, textContent: content });

function tagOf(row) {
  if (!row.state && !row.stored) return "";
  if (!row.state) return element("span", "tag soon", words.kept);
  if (row.state === "clash") return element("span", "tag warning", words.second);
  return element("span", "tag ok", words.sent);
}

function line(row) {
  const item = element("li", ""), told = element("div", ""), facts = element("p", "meta");
  told.append(element("b", "", row.text || words[row.became]), facts);
  for (const fact of [row.number, row.code && `${words.code} ${row.code}`, row.why]) if (fact) facts.append(element("span", "", fact));
  item.append(told);
  if (row.why && !row.state) {
    const button = Object.assign(element("button", "krds-btn small tertiary", words.mend), { type: "button" });
    button.addEventListener("click", () => mend(row));
    item.append(button);
  } else item.append(tagOf(row));
  return item;
}

function show() {
  const all = [...rows.values()].sort((one, other) => other.place - one.place);
  const waiting = all.filter((row) => row.stored && !row.state && !row.why).length;
  section.hidden = !all.length;
  // What has to be mended stays in sight.
  list.replaceChildren(...all.filter((row, index) => index < SHOWN || (row.why && !row.state)).map(line));
  const state = navigator.onLine ? stopped : "offline";
  note.hidden = !state;
  note.replaceChildren((words[state] ?? "").replace("~", waiting));
  if (state === "sign_in") note.append(" ", Object.assign(element("a", "link", words.way_in), { href: "/sign-in?next=/desk/intake" }));
}

function refuse(why, field = text) {
  refused.textContent = why;
  refused.hidden = !why;
  if (why) field.focus();
  return !why;
}

// Taking what stands in the form

function whyNot(row) {
  const most = row.form === "note" ? NOTE_MOST : TEXT_MOST;
  if (row.number === null) return words.number;
  if (row.became) return row.text ? words.both : row.number && row.form === "note" ? "" : words.unread;
  if (!row.text) return words.empty;
  if (length(row.text) > most) return words.long.replace("~", most);
  return kinds(row.text).size ? words.personal : "";
}

async function take(became = "") {
  await shrinking;
  const row = { key, account, place: place + 1, text: text.value.trim(), number: read(number.value), became, sheet, ...chosen() };
  if (picture) row.photograph = picture;
  const why = whyNot(row);
  if (!refuse(why, row.number === null ? number : text)) return false;
  rows.set(row.key, row);
  place += 1;
  key = crypto.randomUUID();
  sheet = many.checked ? sheet || (row.photograph && row.key) || "" : "";
  keep(null, Boolean(sheet));
  text.value = "";
  if (photograph) photograph.value = "";
  number.value = row.number && next(row.number);
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  try {
    await queue.put(row, { account, chosen: chosen(), visits: visits() });
    row.stored = true;
  } catch {
    row.why = words.full; // It stands in this window alone, and is taken again from there.
    refuse(words.full);
  }
  show();
  sync();
  return true;
}

async function mend(row) {
  if (text.value.trim() && !await take()) return;
  rows.delete(row.key);
  ({ key } = row);
  sheet = row.sheet ?? "";
  keep(row.photograph ?? null, false);
  text.value = row.text;
  number.value = row.number;
  for (const name of STAYS) if (form.elements[name]) form.elements[name].value = row[name];
  refuse(row.why);
  show();
}

// The picture that goes with the next row, beside the field; it stays in sight for the notes of its sheet.
function keep(blob, stays) {
  picture = blob;
  if (!blob && !stays) original.remove();
  form.querySelector("[data-many]").hidden = !blob && !stays;
}

async function shrink(file) {
  sheet = "";
  keep(null, false);
  if (!file) return;
  try {
    const drawn = await createImageBitmap(file), scale = Math.min(1, SIDE / Math.max(drawn.width, drawn.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: drawn.width * scale, height: drawn.height * scale });
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    keep(await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.8); }), false);
    if (!picture) throw new TypeError("no picture");
    original.replaceChildren(Object.assign(new Image(), { src: canvas.toDataURL("image/jpeg", 0.8), alt: words.original }));
    form.before(original);
    refuse("");
  } catch {
    photograph.value = "";
    refuse(words.photograph, photograph);
  }
}

// Sending

function told(row, answer) {
  const { state, why } = answer;
  const known = rows.get(row.key) ?? row;
  if (state === "refused") known.why = why;
  else Object.assign(known, { state: state === "same" ? "new" : state, number: answer.number || known.number, code: answer.code, why });
  rows.set(row.key, known);
}

async function sync() {
  stopped = await send(queue, address, account, told).catch(() => "later");
  show();
}

// Whose page it is, and what was chosen last

const chosen = () => Object.fromEntries(STAYS.map((name) => [name, form.elements[name]?.value ?? ""]));
const visits = () => [...form.elements.visit?.options ?? []].map((option) => [option.value, option.textContent]);

async function begin() {
  queue = await open();
  const noted = await queue.noted();
  account = form.dataset.account || noted?.account;
  if (!account) return; // Kept for nobody: the page is as it is without a script.
  if (!form.dataset.account) form.elements.visit.replaceChildren(...noted.visits.map(([value, name]) => new Option(name, value)));
  if (noted?.account === account) {
    for (const [name, value] of Object.entries(noted.chosen)) if (name !== "visit" || visits().some(([known]) => known === value)) form.elements[name].value = value;
  }
  for (const row of await queue.of(account)) {
    rows.set(row.key, Object.assign(row, { stored: true }));
    place = Math.max(place, row.place);
  }
  await queue.put(null, { account, visits: visits(), chosen: chosen() });
  navigator.storage?.persist?.();
  form.addEventListener("submit", (event) => { event.preventDefault(); take(event.submitter?.value); });
  text.addEventListener("keydown", (event) => {
    // Enter ends a syllable of Korean first.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    take();
  });
  many.addEventListener("change", () => { if (!many.checked && sheet) shrink(); });
  photograph?.addEventListener("change", () => { shrinking = shrink(photograph.files[0]); });
  addEventListener("online", sync);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(() => { if (stopped || !navigator.onLine) sync(); }, AGAIN_MS);
  form.dataset.ready = "";
  await sync();
  // The device of a helper keeps no page: it has rights for one day.
  if (navigator.onLine && photograph) keepPage().then(() => { form.dataset.kept = ""; }).catch(() => {});
}

begin();
