// A slip's QR has its code behind the #, which no server is told of: it opens the page as if it had been typed.
const field = document.querySelector("main form [name=code]:not([type=hidden])");
const code = location.hash.slice(1);
if (field && /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/.test(code)) {
  history.replaceState(null, "", location.pathname);
  field.value = code;
  field.form.requestSubmit();
}
