// Opens what folds the thing that the address names; browsers of today do so by themselves.
export function unfold() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = named?.closest("details:not([open])");
  if (!folded) return;
  for (let fold = folded; fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  named.scrollIntoView();
}
