// Keeps what is being written: sends the form to data-autosave some seconds after the last key, and asks before a
// page with unsaved text is left. Answer: {"saved": "…", "version": 3}, or problem details that say why not.
// <form data-autosave="/…" data-guard data-failed="…"> … <p class="draft-status" role="status">
const PAUSE_MS = 4000;

export function enhance(form) {
  const status = form.querySelector(".draft-status");
  let changes = 0, kept = 0, timer, sending = false, leaving = null;

  const save = async () => {
    if (sending || changes === kept) return;
    sending = true;
    const now = changes;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.detail);
      kept = now;
      if (told.version !== undefined) form.elements.version.value = told.version;
      if (status) status.textContent = told.saved ?? "";
    } catch (error) {
      if (status) status.textContent = error.message && !(error instanceof TypeError || error instanceof SyntaxError)
        ? error.message : form.dataset.failed ?? "";
    } finally {
      sending = false;
      if (leaving) { form.requestSubmit(leaving); return; }
      if (changes !== now) timer = setTimeout(save, PAUSE_MS);
    }
  };

  form.addEventListener("input", () => {
    changes += 1;
    clearTimeout(timer);
    if (form.dataset.autosave) timer = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // What is on its way changes the version; the form goes after it.
    if (sending) { event.preventDefault(); leaving = event.submitter; return; }
    kept = changes;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && form.dataset.autosave) save();
  });
  if ("guard" in form.dataset) {
    addEventListener("beforeunload", (event) => { if (changes !== kept) event.preventDefault(); });
  }
}
