// What of the floor is personal: the dashed row of somebody who has not asked (where they would be), the forms that fit,
// and for hosts which turn and item their buttons are about. Everything is read off the pieces, which are the same for
// everybody: #floor-queue (data-waiting, data-minutes, data-spoken, data-first, data-again, data-open) and #now
// (data-turn, data-item).

import { say } from "./clock.js";

const root = document.querySelector("#forum");
const words = (text) => (text ?? "").split(" ").filter(Boolean);
const filled = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
let before = null; // my place when we looked last
let turn = null; // the turn that ran then

function where(queue) {
  const me = root.dataset.me ?? "";
  const index = words(queue.dataset.waiting).indexOf(me);
  if (index >= 0) return { asked: true, place: index + 1, minutes: words(queue.dataset.minutes)[index] };
  const [place, minutes] = words(words(queue.dataset.spoken).includes(me) ? queue.dataset.again : queue.dataset.first);
  return { asked: false, place: Number(place), minutes };
}

// The row stands where one would be; who comes after it is counted on.
function showRow(queue, section, at, isShown) {
  const list = queue.querySelector(".queue");
  list.querySelector("[data-me-row]")?.remove();
  const rows = [...list.children];
  rows.forEach((row, index) => { row.querySelector("i").textContent = index + 1 + (isShown && index + 1 >= at.place ? 1 : 0); });
  if (!isShown) return;
  const row = section.querySelector("[data-me-template]").content.firstElementChild.cloneNode(true);
  for (const part of row.children) part.textContent = filled(part.textContent, at);
  list.insertBefore(row, rows[at.place - 1] ?? null);
}

// What is hidden gives the focus to what comes instead.
function swap(section, parts) {
  const hadFocus = Object.entries(parts).some(([name, shown]) => !shown && section.querySelector(`[data-${name}]`)?.contains(document.activeElement));
  for (const [name, shown] of Object.entries(parts)) {
    const part = section.querySelector(`[data-${name}]`);
    if (part) part.hidden = !shown;
  }
  if (hadFocus) section.querySelector("[data-asking]:not([hidden]) button, [data-asked]:not([hidden]) button")?.focus();
}

const myTurn = () => document.querySelector(`#now [data-by="${root.dataset.me}"] .my-turn`);

function showBar(section, at, open) {
  const bar = document.querySelector(".bar-fix");
  if (!bar) return;
  bar.classList.toggle("mine", Boolean(myTurn()));
  bar.querySelector("[data-bar-place]").textContent = myTurn()?.textContent ?? (at.asked ? filled(section.dataset.myPlace, at)
    : open ? filled(section.dataset.nowPlace, at) : section.querySelector("[data-shut]").textContent);
  bar.querySelector("[data-bar-wait]").textContent = !myTurn() && (at.asked || open) ? filled(section.dataset.in, at) : "";
  bar.querySelector("p").hidden = open && !at.asked && !myTurn();
  bar.querySelector("[data-bar-ask]").hidden = at.asked || !open;
}

function showMine() {
  const queue = document.querySelector("#floor-queue");
  const section = queue?.closest("[data-may]");
  if (!section) return;
  const open = queue.dataset.open === "yes";
  const at = where(queue);
  showRow(queue, section, at, open && !at.asked);
  swap(section, { asking: open && !at.asked, asked: at.asked, shut: !open && !at.asked });
  showBar(section, at, open);
  const now = at.asked ? filled(section.dataset.myPlace, at) : "";
  if (before !== null && now && now !== before) say(now);
  before = now;
}

// Buttons of hosts are about the turn and the item that their page shows.
function showSeen() {
  const stage = document.querySelector("#now");
  for (const field of root.querySelectorAll("input[data-seen]")) field.value = stage?.dataset[field.dataset.seen] ?? "";
  const mine = myTurn();
  if (mine && turn !== null && turn !== stage.dataset.turn) say(mine.textContent);
  turn = stage?.dataset.turn ?? "";
}

// What a host does beside the rule needs a reason: the form for it opens instead of being refused unseen.
function openForm(event) {
  const button = event.target.closest?.(".lead-acts button");
  const missing = button?.form && [...button.form.querySelectorAll("[data-needed]")].find((field) => !field.value.trim());
  if (!missing || (button.form.id === "floor-call" && !button.closest("li").previousElementSibling)) return;
  event.preventDefault();
  missing.closest("details").open = true;
  missing.focus();
}

if (root) {
  root.addEventListener("click", openForm);
  showMine();
  showSeen();
  root.addEventListener("forum:put", (event) => {
    if (event.detail.id === "floor-queue") showMine();
    if (event.detail.id === "now") { showSeen(); showMine(); }
  });
}
