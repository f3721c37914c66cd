// The second half of a double click is meant for what the first half met, and not for what has come under the pointer since.
const CONTROL = "button, [role=button], a, summary, select, textarea, input, label";

let first = null; // where the run of clicks began

/** The control that a click is for; a label and its field are one. */
function controlOf(target) {
  const control = target.closest?.(CONTROL);
  return control?.closest("label") ?? control;
}

/** For each click, before anyone else hears of it. */
export function swallowStrayHalf(event) {
  const control = controlOf(event.target);
  // The click that a label hands on to its field has the count of the label's, and a key has none.
  if (event.detail < 2) first = control;
  else if (control !== first) {
    event.preventDefault();
    event.stopPropagation();
  }
}
