// Every page loads this; each feature comes only where the page has something for it. Nothing here is needed to
// read or to send a form.
const features = {
  "[data-error-summary]": () => import("./errors.js"),
  "textarea[data-limit]": () => import("./counter.js"),
  "form[data-autosave], form[data-guard]": () => import("./draft.js"),
  "[data-similar]": () => import("./similar.js"),
  "form[data-support]": () => import("./support.js"),
  "[data-comments]": () => import("./comments.js"),
  "[data-files]": () => import("./files.js"),
  "[data-reveal]": () => import("./reveal.js"),
  "[data-picker]": () => import("./pick.js"),
  "[data-passkey]": () => import("./passkey.js"),
};

const loading = [];
for (const [selector, load] of Object.entries(features)) {
  const found = document.querySelectorAll(selector);
  if (found.length) loading.push(load().then((feature) => found.forEach((element) => feature.enhance(element))));
}
// They come after the page has loaded. Until then its forms are plain; a test that presses one wants to know.
Promise.allSettled(loading).then(() => { document.documentElement.dataset.enhanced = ""; });

// What reads along comes when somebody begins to write, or at once where a text stands already.
for (const field of document.querySelectorAll("[data-personal]")) {
  const read = () => import("./personal-numbers.js").then((feature) => feature.enhance(field));
  if (field.value || field === document.activeElement) read();
  else field.addEventListener("focus", read, { once: true });
}

// Menus made of <details> close on Escape, on a click elsewhere and when the focus leaves them.
const menus = document.querySelectorAll("details[data-close-outside]");
const closeUnless = (target) => menus.forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
if (menus.length) {
  document.addEventListener("click", (event) => closeUnless(event.target));
  document.addEventListener("focusin", (event) => closeUnless(event.target));
  document.addEventListener("keydown", (event) => {
    const open = [...menus].find((menu) => menu.open);
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

// An address may name something that is folded; the sheet to pass a thing on comes when somebody asks for it.
const unfold = () => { if (location.hash.length > 1) import("./unfold.js").then((feature) => feature.unfold()); };
unfold();
addEventListener("hashchange", unfold);
// A receipt comes later.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-share]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import("./share.js").then((feature) => feature.open(link)).catch(() => { location.href = link.href; });
});

// A sent form says so and is not sent twice by a second click. The button keeps its name and value.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button?.dataset.busy) return;
  if (button.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  button.style.minWidth = `${button.offsetWidth}px`;
  button.dataset.label = button.textContent;
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy;
});
// What somebody was about to do when they were asked to sign in goes on now, once.
document.querySelector("form[data-goes-on] [data-busy]")?.click();
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("[data-busy][aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.textContent = button.dataset.label;
  }
});

// A page for when there is no connection; neither at the office's desk nor on a kiosk, which does not load this.
if (!location.pathname.startsWith("/desk")) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
