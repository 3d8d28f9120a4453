// Who registered before and opens the page of the running forum is there: the form that says so is sent by itself, and
// goes from the page. It stands on the page only once (parts/arrival.html).

const form = document.querySelector("form.arrive");

if (form) {
  form.requestSubmit();
  form.closest(".note").hidden = true;
}
