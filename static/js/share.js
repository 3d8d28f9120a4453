// Passing a thing on. The button of a page opens the sheet over it; on the sheet the phone's own one, and copying.
// Without JavaScript the button leads to the sheet as a page.
function arm(sheet) {
  const { title, text, url } = sheet.dataset;
  const send = sheet.querySelector("[data-send]");
  const copy = sheet.querySelector("[data-copy]");
  const field = sheet.querySelector("input");
  if (navigator.share) {
    send.hidden = false;
    send.addEventListener("click", () => navigator.share({ title, text, url }).catch(() => {}));
  }
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(url);
    } catch { // not allowed, or no clipboard without https
      field.select();
      if (!document.execCommand("copy")) return;
    }
    copy.textContent = copy.dataset.done;
    sheet.querySelector("[data-said]").textContent = copy.dataset.done;
  });
}

export async function open(link) {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sheet = document.adoptNode(page.querySelector(".share-sheet"));
  const styles = page.querySelector('link[rel="stylesheet"][href*="css/sharing"]');
  if (styles && !document.querySelector('link[href*="css/sharing"]')) {
    const added = document.head.appendChild(document.importNode(styles));
    await new Promise((done) => { added.onload = added.onerror = done; });
  }
  const dialog = document.createElement("dialog");
  dialog.className = "share-over";
  dialog.setAttribute("aria-labelledby", "share-h");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "share-close";
  close.setAttribute("aria-label", link.dataset.close);
  close.addEventListener("click", () => dialog.close());
  dialog.append(close, sheet);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.body.append(dialog);
  arm(sheet);
  dialog.showModal();
}

for (const sheet of document.querySelectorAll(".share-sheet")) arm(sheet);
