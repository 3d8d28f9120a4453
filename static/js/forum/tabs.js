// Tabs of a live page: one part of it at a time in a narrow window, without a new page. Without script each is a link.
//
// The root's data-tab names the one that is open; [data-part] is what stands in it, [data-tab-to] leads there (with
// data-focus: to that field), [data-count] is a number beside its word: of questions, or of a pulse that is open.

const root = document.querySelector("#forum[data-tab]");

function go(name, focus) {
  root.dataset.tab = name;
  for (const bar of root.querySelectorAll(".hall-tabs")) {
    const links = [...bar.children];
    const current = links.find((link) => link.dataset.tabTo === name) ?? links[0];
    for (const link of links) {
      if (link === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
  const address = new URL(location.href);
  address.searchParams.set("tab", name);
  address.hash = "";
  history.replaceState(null, "", address);
  for (const list of root.querySelectorAll("[data-follow]")) list.scrollTop = list.scrollHeight;
  if (scrollY > root.offsetTop) scrollTo({ top: root.offsetTop, behavior: "instant" });
  root.dispatchEvent(new CustomEvent("forum:tab"));
  const there = focus && document.getElementById(focus);
  if (!there) return;
  there.scrollIntoView({ block: "nearest", behavior: "instant" });
  there.focus({ preventScroll: true });
}

const partOf = (id) => id && document.getElementById(id)?.closest("[data-part]")?.dataset.part;

function count(name, number) {
  for (const place of root.querySelectorAll(`[data-count="${name}"]`)) {
    place.textContent = number;
    place.hidden = !Number(String(number).replace(/\D/g, ""));
  }
}

if (root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-tab-to]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.dataset.tabTo, link.dataset.focus);
  });
  root.addEventListener("forum:put", ({ detail }) => {
    if (detail.id === "questions-count") count("questions", detail.textContent);
    if (["pulse-now", "consultation-now"].includes(detail.id)) count("pulse", root.querySelector(":is(#pulse-now, #consultation-now)[data-open]") ? 1 : 0);
  });
  const named = partOf(location.hash.slice(1));
  if (named && named !== root.dataset.tab) go(named);
}
