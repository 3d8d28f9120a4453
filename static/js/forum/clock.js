// Clocks of the stage: [data-clock] counts from data-from (an instant) up (`spent`) or down from data-limit seconds
// (`left`), by the server's time. Each is a role=timer, which is not read; aloud is one polite sentence at one minute left
// (data-minute) and one at the end (data-end). Beside it: [data-clock-bar], and [data-left] and [data-over], of which
// one is shown.

const TICK_MS = 250;
const FRESH_MS = 30000;
const PATIENCE_MS = 1500;
const MINUTE = 60;

const root = document.querySelector("#forum");
const lefts = new Map(); // clock → seconds that were left when it was last looked at
let offset = null; // the server's time minus ours
let learned = 0;
let voice = null;

// A message takes its time, so of several measurements the greatest is the best, until they are old.
function learn(now) {
  const measured = Date.parse(now) - Date.now();
  if (Number.isNaN(measured)) return;
  if (offset === null || measured > offset || Date.now() - learned > FRESH_MS) {
    offset = measured;
    learned = Date.now();
  }
}

// Says a sentence in a polite region, without moving the focus.
export function say(sentence) {
  if (voice && sentence) voice.textContent = sentence;
}

function tell(clock, left) {
  const key = `${clock.dataset.clock} ${clock.dataset.from}`;
  const before = lefts.get(key);
  lefts.set(key, left);
  if (before === undefined || clock.closest("[data-projector]")) return;
  if (before > 0 && left <= 0) say(clock.dataset.end);
  else if (before > MINUTE && left <= MINUTE && left > 0) say(clock.dataset.minute);
}

const written = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function show(clock) {
  const limit = Number(clock.dataset.limit);
  const spent = Math.max(0, Math.floor((Date.now() + offset - Date.parse(clock.dataset.from)) / 1000));
  const left = limit - spent;
  const text = clock.dataset.clock === "spent" ? written(spent) : `${left < 0 ? "+" : ""}${written(Math.abs(left))}`;
  if (clock.textContent === text) return;
  clock.textContent = text;
  const half = clock.closest("div");
  clock.classList.toggle("over", left < 0);
  for (const one of half.querySelectorAll("[data-left]")) one.hidden = left < 0;
  for (const one of half.querySelectorAll("[data-over]")) one.hidden = left >= 0;
  const bar = half.querySelector("[data-clock-bar]");
  if (bar) bar.value = Math.min(spent, limit);
  tell(clock, left);
}

function showAll() {
  for (const clock of root.querySelectorAll("[data-clock]")) show(clock);
}

// A page that visitors share may have been drawn up to a minute ago: then the list of events says what time it is.
async function ask() {
  try {
    const answer = await fetch(`/forums/${root.dataset.forum}/events?after=${root.dataset.last}`, { headers: { Accept: "application/json" } });
    if (answer.ok) learn((await answer.json()).now);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the line is away: the clocks run on as they are
  }
}

if (root) {
  voice = document.createElement("p");
  voice.className = "sr-only";
  voice.setAttribute("role", "status");
  root.append(voice);
  learn(root.dataset.now);
  showAll();
  let heard = false;
  root.addEventListener("forum:news", (event) => { heard = true; learn(event.detail.now); showAll(); });
  setInterval(showAll, TICK_MS);
  if (!root.dataset.me) setTimeout(() => { if (!heard) ask(); }, PATIENCE_MS);
}
