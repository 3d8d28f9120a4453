// Keeps what is being written: sends the form to data-autosave some seconds after the last key, and asks before a
// page with unsaved text is left. The answer is JSON: {"saved": "14:09에 저장했어요"}; its sentence is shown as it is.
// <form data-autosave="/proposals/drafts/7" data-guard data-failed="저장하지 못했어요…"> … <p class="draft-status" role="status">
const PAUSE_MS = 4000;

export function enhance(form) {
  const status = form.querySelector(".draft-status");
  let changes = 0, kept = 0, timer, sending = false;

  const save = async () => {
    if (sending || changes === kept) return;
    sending = true;
    const now = changes;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      kept = now;
      if (status) status.textContent = (await answer.json()).saved ?? "";
    } catch {
      if (status) status.textContent = form.dataset.failed ?? "";
    } finally {
      sending = false;
      if (changes !== now) timer = setTimeout(save, PAUSE_MS);
    }
  };

  form.addEventListener("input", () => {
    changes += 1;
    clearTimeout(timer);
    if (form.dataset.autosave) timer = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); kept = changes; });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && form.dataset.autosave) save();
  });
  if ("guard" in form.dataset) {
    addEventListener("beforeunload", (event) => { if (changes !== kept) event.preventDefault(); });
  }
}
