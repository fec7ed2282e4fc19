// Applying: asked for on the served page, told when it is done, with the view as it was.

// The page is made anew once the decisions are applied: what it told, and where the person was, stands over the reload.
const overReload = (name, value) => {
  try {
    if (value === undefined) return JSON.parse(sessionStorage.getItem(`${MEMORY}:${name}`));
    if (value === null) sessionStorage.removeItem(`${MEMORY}:${name}`);
    else sessionStorage.setItem(`${MEMORY}:${name}`, JSON.stringify(value));
  } catch {
    // a browser that keeps nothing: the page begins at its top
  }
  return null;
};

const fieldsOf = () => [...form.querySelectorAll("input[name], select[name]")];

const keepView = () =>
  overReload("view", {
    fields: fieldsOf().map(({ type, name, value, checked }) => [name, value, type === "checkbox" ? checked : null]),
    beside: document.body.classList.contains("beside"),
    at: current && [current.document.name, current.start, current.id],
  });

const bringBackFilter = (view) => {
  for (const [name, value, checked] of view.fields) {
    if (checked === null) controls[name].value = value;
    else fieldsOf().forEach((box) => box.name === name && box.value === value && (box.checked = checked));
  }
  for (const field of form.querySelectorAll("select")) field.selectedIndex = Math.max(field.selectedIndex, 0); // gone
};

// The edit that was current, or where it is gone what stands next to its place.
const bringBackPlace = (view) => {
  if (view.beside) setBeside(true);
  if (!view.at) return;
  const [name, start, id] = view.at;
  const near = shownEdits.filter((edit) => edit.document.name === name);
  const edit = near.find((one) => one.id === id) ?? near.find((one) => one.start >= start) ?? near.at(-1);
  if (edit) select(edit, { focus: true });
};

const tellApplied = (told) => {
  const box = document.getElementById("told");
  if (!box) return;
  overReload("told", told);
  box.hidden = !told;
  box.querySelector("ul").replaceChildren(...(told ?? []).map((line) => element("li", "", inert(line))));
};

const apply = async () => {
  announce("applying …");
  tellApplied(null);
  if (!(await allSent())) return announce(`not applied: ${problem}`);
  const answer = await fetch(`${server}apply`, { method: "POST" }).catch(() => null);
  if (!answer || answer.status === 404) return announce(`not applied: ${GONE}`);
  const { told, error } = await answer.json().catch(() => ({ error: `status ${answer.status}` }));
  announce("");
  tellApplied(told ?? [`not applied: ${error}`]);
  if (!answer.ok) return undefined;
  keepView();
  return location.reload();
};

const askApply = () => {
  if (!server) return announce("a file applies nothing: save the decisions, then import them with cleaner decisions");
  return sure("Write the clean files again with these decisions?", "Apply", apply);
};
