// One statement after another without a whole page: the form that comes, alone or in a page, takes the place of the one
// that was sent. Keys 1, 2 and 3 press the buttons while the focus is in the form, where it begins. Without this, or where
// anything is not as expected, the form is plain.
const form = () => document.querySelector("form[data-answering]");

const send = async (button) => {
  const from = form();
  if (from.ariaBusy) return;
  from.ariaBusy = "true";
  try {
    const body = new FormData(from, button);
    body.set("next", "1");
    const answer = await fetch(from.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("form[data-answering]");
    const there = answer.headers.get("Content-Location") ?? (answer.redirected ? answer.url : "");
    if (!next) { location.assign(there || location.href); return; }
    from.replaceWith(document.adoptNode(next));
    document.title = next.dataset.title;
    if (there) history.replaceState(null, "", there);
    next.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, 0);
  } catch {
    from.ariaBusy = null;
    location.reload();
  }
};

document.addEventListener("submit", (event) => {
  if (event.target !== form() || event.target.elements.then || !event.submitter?.value) return;
  event.preventDefault();
  send(event.submitter);
});
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("form[data-answering]")) return;
  form()?.querySelectorAll(".three-answers button")["123".indexOf(event.key)]?.click();
});
form()?.querySelector("h1").focus({ preventScroll: true });
