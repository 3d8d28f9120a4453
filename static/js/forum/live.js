// Keeps a page of a running forum as it is now. Everything here is an addition: without it the page refreshes by itself
// and every form works. Parts: pieces.js (what is put where), mine.js (what is personal), sending.js (forms).
//
// What a page gives:
//
// - One root, `#forum`, with data-forum (slug), data-last (number of the last event that the page knows), data-language,
//   data-now (the server's time), and of people signed in data-me (id) and data-token (the form token).
// - Pieces have ids (`question-12`). A put replaces the element with its id; where there is none it goes to the list
//   whose id is `into`, at its `start` or `end`; without html the element is taken away. A list may say
//     data-most="60"   how many it shows: the oldest at the other end go
//     data-follow      it stays scrolled to its end while somebody reads there (captions, chat)
//     data-sorted      its children stand in the order of their data-order (a number, small ones first)
//     data-holds       it stands still while it is seen: what is new or moves waits for button[data-release=<its id>]
//     data-newest      what is new comes first
//   A list with data-mine-of="<id>" gets what is data-by me in the place of the list with that id.
//   What somebody types in a piece, the focus, the caret and open <details> outlive its replacement.
// - Personal marks are set by the script alone, because pieces are the same for everybody:
//     data-by="5"         in a piece: gets the class `mine` on the page of user 5
//     data-question="12"  in a piece, and data-mine-questions="12 30" on the root: gets the class `chosen`, and
//                         aria-pressed="true" on its button[aria-pressed] (the same for any thing: data-mine-<thing>s)
//     data-for="…"        hidden in a piece; shown where one word fits: `me` (what is data-by me), `others` (signed in,
//                         and not by me), or a word of the root's data-roles="runs captions table-3"
// - Forms that the script sends: form[data-live] (data-said: said in [data-told] once it is done); who looks on is led to signing in. 204 is fine; then its texts are emptied, unless it has data-keeps.
//   data-anybody: also of who looks on; data-next: an address from which the next piece of one's own is put.
//   data-flips="questions 12" adds that id to data-mine-questions, or takes it out;
//   data-chooses="answers" adds what the pressed button has in data-answer, in place of another answer. A refusal's sentence goes to its
//   [data-refusal]. While the line is away the text stays and is sent again with the same `key`: it is applied once.
// - [data-connection] says in a polite region how the line is, in the words of its data-cut, data-back, data-old and
//   data-unsent. button[data-pause] (aria-pressed) stops and resumes what is read aloud: every [aria-live] and
//   [role=log|status] below the root; the choice is kept for this tab.
//
// What other scripts hear on the root: `forum:news` (detail: the message; `now` is the server's time) after its puts
// stand, and `forum:put` (detail: the new element) for each.
//
// The message `news`: {events: [{number, at, kind, about, subject, table, details}], puts: [{id, html, into, where}],
// last, now}. Its numbers have no gaps: of what only a table may see, others get number and kind.

import { io } from "../../vendor/socket.io/socket.io.esm.min.js";
import { mark } from "./mine.js";
import { put, release } from "./pieces.js";
import { own, resend, watchForms } from "./sending.js";

const POLL_MS = 3000;
const MOST_POLL_MS = 30000;
const PATIENCE = 2;
const TOLD_MS = 8000;
const PAUSED = "forum-paused";

const root = document.querySelector("#forum");
const place = document.querySelector("[data-connection]");
let last = Number(root?.dataset.last ?? 0);
let failures = 0;
let polling = null;
let cut = false;

const jitter = (ms) => ms * (0.75 + Math.random() / 2);

function say(word) {
  if (place) place.textContent = place.dataset[word] ?? "";
}

// What was just done is said where nothing moves for it, and goes after a while.
let told = null;
function tell(sentence) {
  const where = document.querySelector("[data-told]");
  if (!where) return;
  where.textContent = sentence;
  clearTimeout(told);
  told = setTimeout(() => { where.textContent = ""; }, TOLD_MS);
}

function take(news) {
  if (news.events.length && news.events[0].number > last + 1) return false;
  for (const one of news.puts) put(root, one);
  news.events = news.events.filter((event) => event.number > last);
  last = Math.max(last, news.last);
  root.dataset.last = last;
  root.dataset.now = news.now;
  mark(root);
  if (news.events.some((event) => event.kind === "forum.closed")) over();
  root.dispatchEvent(new CustomEvent("forum:news", { detail: news }));
  return true;
}

function isBusy() {
  return [...root.querySelectorAll("input, textarea")].some((field) => field.type !== "hidden" && field.value !== field.defaultValue);
}

// Nobody's page is loaded anew for it: a thousand would be at once. [data-when-over] says where it goes on.
function over() {
  const said = root.querySelector("[data-when-over]");
  if (said) said.hidden = false;
  root.classList.add("over");
}

// Too much was missed, or the page is from before a restore: it is drawn anew, unless that would lose what was typed.
function old() {
  stopPolling();
  socket.disconnect();
  if (isBusy()) say("old");
  else setTimeout(() => location.reload(), jitter(1500));
}

const socket = io({
  path: "/socket.io",
  transports: ["websocket"],
  auth: (give) => give({ forum: root.dataset.forum, after: last, language: root.dataset.language }),
  autoConnect: false,
  reconnectionDelay: 400,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  timeout: 8000,
});

socket.on("connect", () => {
  failures = 0;
  stopPolling();
  if (cut) say("back");
  cut = false;
  resend();
});
socket.on("news", (news) => { if (!take(news)) socket.emit("after", last); });
socket.on("present", (piece) => put(root, piece));
socket.on("old", old);
// Signed out, blocked, or the forum may not be read any more: the page itself says why.
socket.on("over", () => { socket.disconnect(); if (!isBusy()) location.reload(); else say("old"); });
socket.on("disconnect", (reason) => {
  cut = true;
  say("cut");
  // The script of the socket comes back by itself, except when it was the server that hung up (a slow reader).
  if (reason === "io server disconnect") setTimeout(() => socket.connect(), jitter(1000));
});
socket.on("connect_error", () => {
  failures += 1;
  if (!socket.active) setTimeout(() => socket.connect(), jitter(5000));
  if (failures >= PATIENCE && !polling) poll(POLL_MS);
});

// Whoever cannot hold a socket asks for the same list; slower after each failure.
function poll(wait) {
  polling = setTimeout(async () => {
    let next = POLL_MS;
    try {
      const answer = await fetch(`/forums/${root.dataset.forum}/events?after=${last}`, { headers: { Accept: "application/json" } });
      if (answer.status === 404 || answer.status === 410) return old();
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      if (news.old) return old();
      if (news.last > last) take(news);
      if (cut) { say("back"); cut = false; }
      resend();
    } catch {
      cut = true;
      say("cut");
      next = Math.min(wait * 2, MOST_POLL_MS);
    }
    if (polling) poll(next);
    return undefined;
  }, jitter(wait));
}

function stopPolling() {
  clearTimeout(polling);
  polling = null;
}

// What is read aloud can be stopped, and goes on in the next minute or on the next page of this tab as it was left.
function pausing(button) {
  const set = (paused) => {
    button.setAttribute("aria-pressed", String(paused));
    for (const region of root.querySelectorAll("[aria-live], [role=log], [role=status]")) {
      if (region !== place) region.setAttribute("aria-live", paused ? "off" : "polite");
    }
  };
  const isPaused = () => sessionStorage.getItem(PAUSED) === "1";
  set(isPaused());
  root.addEventListener("forum:put", () => set(isPaused()));
  button.addEventListener("click", () => {
    sessionStorage.setItem(PAUSED, isPaused() ? "0" : "1");
    set(isPaused());
  });
}

if (root) {
  for (const button of document.querySelectorAll("[data-pause]")) pausing(button);
  for (const list of root.querySelectorAll("[data-follow]")) list.scrollTop = list.scrollHeight;
  mark(root);
  for (const button of root.querySelectorAll("[data-release]")) {
    button.addEventListener("click", () => release(document.getElementById(button.dataset.release)));
  }
  root.addEventListener("forum:tab", () => { for (const list of root.querySelectorAll("[data-holds]")) release(list); });
  const asking = (piece) => {
    const place = piece.querySelector("[data-own]");
    if (place) setTimeout(() => own(place.dataset.own).catch(() => null), Math.random() * 1000);
  };
  root.addEventListener("forum:put", ({ detail }) => asking(detail));
  watchForms(root, { say, tell, changed: () => { if (polling) { stopPolling(); poll(0); } } });
  addEventListener("online", () => { if (!socket.connected) socket.connect(); });
  addEventListener("pageshow", (event) => { if (event.persisted && !socket.connected) socket.connect(); });
  asking(root);
  socket.connect();
}
