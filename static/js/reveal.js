// A password that somebody chooses can be read while it is typed; a sent form hides it again.
export function enhance(field) {
  const pick = document.createElement("p");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", id: `${field.id}-reveal` });
  pick.className = "pick gap-top";
  pick.append(box, Object.assign(document.createElement("label"), { htmlFor: box.id, textContent: field.dataset.reveal }));
  field.after(pick);
  box.addEventListener("change", () => { field.type = box.checked ? "text" : "password"; });
  field.form.addEventListener("submit", () => { field.type = "password"; });
}
