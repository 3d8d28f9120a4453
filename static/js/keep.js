// A file that is handed out once: leaving the page asks first, until it was saved or the page printed.
const link = document.querySelector("[data-keep]");
let kept = false;
const keep = () => { kept = true; };
link?.addEventListener("click", keep);
addEventListener("afterprint", keep);
addEventListener("beforeunload", (event) => { if (link && !kept) event.preventDefault(); });
