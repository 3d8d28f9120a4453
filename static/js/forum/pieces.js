// Puts drawn pieces where they belong, and keeps what somebody is doing in them (contract: live.js).

const MINE = 3;
const SPARE = 20;
const composing = new WeakSet();
addEventListener("compositionstart", (event) => composing.add(event.target), true);
addEventListener("compositionend", (event) => composing.delete(event.target), true);

const fieldsOf = (piece) => [...piece.querySelectorAll("input:not([type=hidden]), textarea, select")];
const nameOf = (field) => field.id || `${field.form?.getAttribute("action") ?? ""} ${field.name} ${field.type === "radio" ? field.value : ""}`;
const isTouched = (field) => (field.type === "checkbox" || field.type === "radio"
  ? field.checked !== field.defaultChecked
  : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue);

// A piece comes from the site's own templates, escaped as the page itself, and is read in a document in which nothing
// runs. Nothing else is ever read this way.
function drawn(html) {
  const page = new DOMParser().parseFromString(`<template>${html}</template>`, "text/html");
  return page.querySelector("template").content.firstElementChild;
}

// What was typed or chosen, where the caret stood and what was open go over to the new piece.
function carry(before, after) {
  const active = before.contains(document.activeElement) ? document.activeElement : null;
  const next = new Map(fieldsOf(after).map((field) => [nameOf(field), field]));
  for (const field of fieldsOf(before)) {
    const same = next.get(nameOf(field));
    if (!same || !isTouched(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") same.checked = field.checked;
    else same.value = field.value;
  }
  const opened = [...before.querySelectorAll("details")];
  [...after.querySelectorAll("details")].forEach((one, index) => { if (opened[index]?.open) one.open = true; });
  return active;
}

function twin(active, before, after) {
  if (active === before) return after;
  if (active.id) return after.querySelector(`#${CSS.escape(active.id)}`);
  if (active.name) return fieldsOf(after).find((field) => nameOf(field) === nameOf(active)) ?? null;
  const kind = active.tagName.toLowerCase();
  return after.querySelectorAll(kind)[[...before.querySelectorAll(kind)].indexOf(active)] ?? null;
}

function replace(root, before, after) {
  const active = carry(before, after);
  const scrolled = [...before.querySelectorAll(".queue")].map((list) => list.scrollTop);
  const caret = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  const found = active && twin(active, before, after);
  before.replaceWith(after);
  [...after.querySelectorAll(".queue")].forEach((list, index) => { list.scrollTop = scrolled[index] ?? 0; });
  if (!found) return;
  found.focus({ preventScroll: true });
  try {
    if (caret && caret[0] !== null) found.setSelectionRange(...caret);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a field without a caret
  }
}

// A list with data-holds stands still while somebody looks at it: what is new or in another order waits for its button.
const isHeld = (list) => "holds" in list.dataset && list.querySelector(":scope > :not([hidden])") && list.offsetParent && !document.hidden
  && !list.closest("[data-projector]");

const inOrder = (list) => [...list.children].sort((one, other) => Number(one.dataset.order ?? 0) - Number(other.dataset.order ?? 0));

function showHeld(list) {
  const button = document.querySelector(`[data-release="${list.id}"]`);
  if (!button) return;
  const count = list.querySelectorAll(":scope > [hidden]").length;
  const seen = 5;
  const moved = "sorted" in list.dataset && inOrder(list).slice(0, seen).some((one, index) => one !== list.children[index]);
  button.textContent = count ? button.dataset.many.replace("{count}", count) : button.dataset.moved ?? "";
  button.hidden = !count && !moved;
}

export function release(list) {
  for (const one of list.querySelectorAll(":scope > [hidden]")) one.hidden = false;
  if ("sorted" in list.dataset) sort(list);
  showHeld(list);
}

function sort(list) {
  const active = list.contains(document.activeElement) ? document.activeElement : null;
  const wanted = inOrder(list);
  if (wanted.every((one, index) => one === list.children[index])) return;
  list.append(...wanted);
  active?.focus({ preventScroll: true });
}

function insert(list, piece, where) {
  const follows = "follow" in list.dataset && (isMine(list, piece) || list.scrollHeight - list.scrollTop - list.clientHeight < 48);
  if (where === "start") list.prepend(piece);
  else list.append(piece);
  const most = Number(list.dataset.most ?? 0);
  if (most && list.children.length > most + SPARE) requestAnimationFrame(() => trim(list, most, where));
  if (follows) list.scrollTop = list.scrollHeight;
}

const isMine = (list, piece) => piece.dataset.by && piece.dataset.by === list.closest("[data-me]")?.dataset.me;

// The oldest go some at a time, in a frame of its own and above what is seen: nothing that is read moves.
function trim(list, most, where) {
  const before = list.scrollHeight;
  while (list.children.length > most) (where === "start" ? list.lastElementChild : list.firstElementChild).remove();
  if (where !== "start") list.scrollTop -= before - list.scrollHeight;
}

// What I asked stands in the list of mine, where the page has one.
function listOf(list, piece) {
  const own = isMine(list, piece) && document.querySelector(`[data-mine-of="${list.id}"]`);
  if (!own) return list;
  own.parentElement.hidden = false;
  while (own.children.length >= MINE) own.lastElementChild.remove();
  return own;
}

// One put; returns nothing. While a syllable is being composed in the piece it waits for its end.
export function put(root, one) {
  const before = document.getElementById(one.id);
  if (before && before.contains(document.activeElement) && composing.has(document.activeElement)) {
    document.activeElement.addEventListener("compositionend", () => setTimeout(() => put(root, one)), { once: true });
    return;
  }
  if (!one.html) {
    const grouped = before?.closest("[data-mine-of]") && before.querySelector("[data-grouped]");
    if (grouped) {
      grouped.hidden = false;
      grouped.previousElementSibling.hidden = true;
    } else before?.remove();
    return;
  }
  const list = one.into && document.getElementById(one.into);
  if (!before && !list) return;
  const piece = drawn(one.html);
  const home = before ? before.parentElement : listOf(list, piece);
  const held = isHeld(home); // asked before it stands there: the first piece of an empty list holds nothing
  if (before) replace(root, before, piece);
  else insert(home, piece, home === list && !("newest" in list.dataset) ? one.where : "start");
  if ("sorted" in home.dataset || "holds" in home.dataset) {
    if (!held) release(home);
    else {
      piece.hidden = !before || before.hidden;
      showHeld(home);
    }
  }
  root.dispatchEvent(new CustomEvent("forum:put", { detail: piece }));
}
