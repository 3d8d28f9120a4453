// A kiosk that nobody touches clears itself: a warning first, then the page that forgets everything.
// <body data-away="seconds" data-warned="seconds" data-left="seconds until the pass is over">; a button `data-kiosk-end` ends
// the turn of somebody, where there is one.
const OVER = "/kiosk/over";
const { away, left, warned = 60 } = document.body.dataset;
const WARNED_MS = 1000 * warned;
const warning = document.querySelector("[data-away-warning]");
let touched = Date.now(), before = null;

function clear() {
  const end = document.querySelector("[data-kiosk-end]");
  if (end) end.click();
  else location.replace(OVER);
}

function stay() {
  touched = Date.now();
  if (!warning || warning.hidden) return;
  warning.hidden = true;
  before?.focus();
}

function look() {
  const quiet = Date.now() - touched;
  if (quiet >= Number(away) * 1000 + (warning ? WARNED_MS : 0)) clear();
  else if (warning && warning.hidden && quiet >= Number(away) * 1000) {
    before = document.activeElement;
    warning.hidden = false;
    warning.focus();
  }
}

if (away) {
  // While the warning stands, only its own button counts: somebody else may be walking up.
  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(kind, () => { if (!warning || warning.hidden) touched = Date.now(); }, { passive: true });
  }
  warning?.querySelector("[data-stay]").addEventListener("click", stay);
  setInterval(look, 1000);
  // The pass ends by the server's clock, and with it the ballot; a receipt that is shown meanwhile stays.
  if (left) setTimeout(() => { if (document.querySelector("[data-ballot]")) clear(); }, Number(left) * 1000);
}
// What the browser kept of a page is never shown again.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
