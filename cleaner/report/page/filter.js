// The filter: which edits are shown, and how it is left by the keyboard.

const form = document.getElementById("filter");
const controls = form.elements;
let shownEdits = edits;
let filtered = false;
let typing = 0; // the pause after a key in the filter, before it is applied
let leftAt = null; // the edit that was current when the search was entered

const wantedState = {
  "": () => true,
  undecided: (edit) => !verdictOf(edit),
  decided: (edit) => verdictOf(edit) !== null,
  new: (edit) => edit.more.new === true,
  commented: (edit) => Boolean(decided.get(editKey(edit))?.comment),
};

const passesFilter = () => {
  const bands = new Set([...form.querySelectorAll("[name=band]:checked")].map((box) => data.bands.indexOf(box.value)));
  const all = form.querySelector("[name=band]:not(:checked)") === null;
  const [pass, rule, state] = [controls.pass.value, controls.rule.value, controls.state.value];
  const below = controls.below.value === "" ? Infinity : Number(controls.below.value);
  const text = controls.text.value.trim().toLowerCase();
  filtered = !all || pass !== "" || rule !== "" || state !== "" || below !== Infinity || text !== "";
  const ids = new Map();
  const says = (edit) => {
    if (!ids.has(edit.passage)) ids.set(edit.passage, touched(edit.passage, text));
    if (ids.get(edit.passage).has(edit)) return true;
    const words = [
      edit.rule.name,
      edit.id,
      edit.document.name,
      edit.before,
      edit.after ?? "",
      ...(edit.more.evidence ?? []).flat(),
    ];
    return words.some((word) => word.toLowerCase().includes(text));
  };
  return (edit) =>
    (all || bands.has(edit.band)) &&
    (pass === "" || edit.rule.pass === pass) &&
    (rule === "" || edit.rule.name === rule) &&
    edit.confidence < below &&
    wantedState[state](edit) &&
    (text === "" || says(edit));
};

const filter = () => {
  clearTimeout(typing);
  typing = 0;
  const passes = passesFilter();
  for (const doc of documents) doc.shown = doc.total = 0;
  shownEdits = [];
  for (const edit of edits) {
    edit.shown = edit.passage !== null && passes(edit);
    edit.document.total += 1;
    if (edit.shown) {
      edit.document.shown += 1;
      shownEdits.push(edit);
    }
  }
  if (current && !current.shown) current = null; // no key may decide what is not seen
  controls.found.value = filtered
    ? `${NUMBER.format(shownEdits.length)} of ${NUMBER.format(edits.length)} match`
    : `${NUMBER.format(edits.length)} shown`;
  drawList();
};

// Enter and Escape in the filter: it is applied before the next key arrives, and that key goes to the list.
const leaveFilter = (field, clear) => {
  const search = field === controls.text;
  if (search && clear) field.value = "";
  filter();
  field.blur();
  if (search && clear) select(leftAt?.shown ? leftAt : current, { focus: true });
  else if (field.name && !clear) select(shownEdits[0] ?? null, { focus: true });
  if (document.activeElement === document.body) list.focus({ preventScroll: true });
};

const startFilter = () => {
  const passes = [...new Set(rules.map((rule) => rule.pass))].sort();
  for (const pass of passes) controls.pass.append(new Option(pass, pass));
  for (const { name } of [...rules].sort((a, b) => (a.name < b.name ? -1 : 1)))
    controls.rule.append(new Option(name, name));
  form.addEventListener("input", (event) => {
    if (event.target.id === "who") return;
    clearTimeout(typing);
    typing = setTimeout(filter, 120);
  });
  controls.text.addEventListener("focus", () => (leftAt = current));
  form.addEventListener("submit", (event) => event.preventDefault());
};
