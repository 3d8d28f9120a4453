// Sends the forms of a running forum without a new page, each thing once (contract: live.js).

import { choose, flip } from "./mine.js";
import { put } from "./pieces.js";

const AGAIN_MS = 4000;
const waiting = new Map(); // form → what is to be sent again once the line is back
const pressed = new WeakMap(); // form → the button by which it was sent
let root = null;
let page = null;

function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function refuse(form, sentence) {
  const place = form.querySelector("[data-refusal]");
  if (place) place.textContent = sentence;
  const field = form.querySelector("input:not([type=hidden]), textarea");
  if (!field || !place) return;
  if (sentence) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function busy(form, is) {
  form.toggleAttribute("data-sending", is);
  form.setAttribute("aria-busy", String(is));
  for (const button of form.querySelectorAll("button")) {
    if (is) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function written(form, submitter) {
  const body = new FormData(form, submitter);
  body.set("key", freshKey());
  if (root.dataset.token) body.set("csrf_token", root.dataset.token);
  return new URLSearchParams([...body].filter(([, value]) => typeof value === "string"));
}

function done(form) {
  refuse(form, "");
  if (form.dataset.flips) flip(root, form.dataset.flips.split(" "));
  if (form.dataset.chooses) choose(root, form.dataset.chooses, pressed.get(form));
  if (!("keeps" in form.dataset) && form.isConnected) form.reset();
  if (form.dataset.said) page.tell(form.dataset.said);
  page.changed();
}

// What is only for whoever looks on or answers: asked for by itself where a piece has data-own, and after its form.
export async function own(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.ok && !answer.redirected) put(root, await answer.json());
}

async function next(form) {
  await own(form.dataset.next).catch(() => null);
  root.querySelector("#hall-statement")?.focus({ preventScroll: true });
}

async function send(form, action, body) {
  busy(form, true);
  try {
    const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.redirected) { location.assign(answer.url); return; }
    if (answer.status >= 500) throw new TypeError("away");
    waiting.delete(form);
    const said = answer.ok ? "" : (await answer.json().catch(() => ({}))).detail ?? document.querySelector("[data-connection]")?.dataset.unsent ?? "";
    if (answer.ok) done(form);
    else refuse(form, said);
    if (form.dataset.next && (answer.ok || answer.status === 409)) {
      if (said) page.tell(said);
      await next(form);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch says by a TypeError that the line is away
    waiting.set(form, { action, body });
    refuse(form, document.querySelector("[data-connection]")?.dataset.unsent ?? "");
    setTimeout(resend, AGAIN_MS);
  } finally {
    busy(form, false);
  }
}

// What could not be sent goes again as it was, with its key: if it had come after all, it is not done twice.
export function resend() {
  for (const [form, { action, body }] of waiting) {
    if (!form.hasAttribute("data-sending")) send(form, action, body);
  }
}

export function watchForms(givenRoot, givenPage) {
  [root, page] = [givenRoot, givenPage];
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-live]") || event.defaultPrevented) return;
    event.preventDefault();
    if (!root.dataset.me && !("anybody" in form.dataset)) { location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`); return; }
    if (form.hasAttribute("data-sending")) return;
    const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    pressed.set(form, event.submitter);
    const known = waiting.get(form);
    const body = written(form, event.submitter);
    if (known && same(known.body, body)) body.set("key", known.body.get("key"));
    send(form, action, body);
  });
}

function same(one, other) {
  const plain = (body) => [...body].filter(([name]) => name !== "key").join("\n");
  return plain(one) === plain(other);
}
