// Says at once, without a new page, that the host silenced whoever sits here, or lets them write again.
const root = document.querySelector("#forum");
const note = root?.querySelector("[data-muted]");

root?.addEventListener("forum:news", ({ detail }) => {
  for (const event of note ? detail.events : []) {
    if (event.about === "people" && String(event.subject) === root.dataset.me && event.kind !== "people.came") {
      note.hidden = event.kind === "people.unmuted";
    }
  }
});
