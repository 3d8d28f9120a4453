// Which table is mine: pieces of tables name in data-members (ids) who sits there, and are shown to these alone.

const root = document.querySelector("#forum");

function show(part) {
  const mine = [...part.querySelectorAll("[data-members]"), ...(part.matches("[data-members]") ? [part] : [])];
  for (const one of mine) one.hidden = !root.dataset.me || !one.dataset.members.split(" ").includes(root.dataset.me);
}

if (root) {
  show(root);
  root.addEventListener("forum:put", (event) => show(event.detail));
}
