// Walking, deciding, the keyboard, and what happens when.

let current = null;
const status = document.getElementById("status");
const help = document.getElementById("help");

const mark = () => {
  document.querySelectorAll(".current").forEach((node) => node.classList.remove("current"));
  if (current)
    document.querySelectorAll(`[data-edit="${current.place}"]`).forEach((node) => node.classList.add("current"));
};

// The address follows the walk, so that its link can be copied; browsers refuse more than some changes a second.
let following = 0;
const followed = () => {
  clearTimeout(following);
  following = 0;
  if (!current) return;
  try {
    history.replaceState({ walked: true }, "", `#${encodeURIComponent(anchorOf(current))}`);
  } catch {
    // refused where the page is a file; the address stays as it is
  }
};
const follow = () => (following ||= setTimeout(followed, 250));

const select = (edit, { scroll = true, focus = false } = {}) => {
  current = edit;
  if (!edit) return mark();
  follow();
  const section = document.getElementById(edit.document.anchor);
  if (section) section.open = true;
  const chunk = chunkOf(edit);
  if (chunk) fill(chunk);
  mark();
  const row = document.getElementById(anchorOf(edit));
  if (row && scroll) {
    row.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => row.isConnected && row.scrollIntoView({ block: "center" })); // what was filled on the way moved it
  }
  if (row && focus) row.focus({ preventScroll: true });
  return undefined;
};

const toggle = (edit) => {
  edit.open = !edit.open;
  const row = document.getElementById(anchorOf(edit));
  if (!row) return;
  const fresh = note(edit);
  row.replaceWith(fresh);
  fresh.querySelector(".opener").focus({ preventScroll: true });
  mark();
};

const step = (by) => {
  if (shownEdits.length === 0) return;
  const at = current ? shownEdits.indexOf(current) : -1;
  const next = at < 0 ? firstOnScreen() : Math.min(Math.max(at + by, 0), shownEdits.length - 1);
  select(shownEdits[next], { focus: true });
};

const firstOnScreen = () => {
  const rows = [...document.querySelectorAll(".note")];
  const row = rows.find((node) => node.getBoundingClientRect().top > form.offsetHeight);
  return row ? Math.max(shownEdits.indexOf(edits[row.dataset.edit]), 0) : 0;
};

const nextUndecided = () => {
  const at = current ? shownEdits.indexOf(current) : -1;
  const next = shownEdits.findIndex((edit, place) => place > at && !verdictOf(edit));
  if (next >= 0) select(shownEdits[next], { focus: true });
};

const decide = (edit, verdict, more = {}) => {
  if ((verdict === "always" || verdict === "never") && !edit.series) {
    announce("this edit stands alone: accept or reject it");
    return;
  }
  take(about(edit, verdict, more));
};

const ask = (question, value, act) => {
  const dialog = document.getElementById("ask");
  dialog.querySelector("label span").textContent = question;
  const input = dialog.querySelector("input");
  input.value = value;
  dialog.onclose = () => dialog.returnValue === "ok" && act(input.value);
  dialog.returnValue = "";
  dialog.showModal();
  input.select();
};

// Asks before what is hard to see again; where text would be lost, a second Enter does not confirm it.
const sure = (question, yes, act, { careful = false } = {}) => {
  const dialog = document.getElementById("sure");
  const [confirm, cancel] = dialog.querySelectorAll("button");
  dialog.querySelector("p").replaceChildren(question);
  confirm.textContent = yes;
  dialog.onclose = () => dialog.returnValue === "ok" && act();
  dialog.returnValue = "";
  dialog.showModal();
  (careful ? cancel : confirm).focus();
};

const askReplacement = (edit) =>
  ask("What stands there on the page", saying(decided.get(editKey(edit)))?.text ?? edit.after ?? edit.before, (text) => {
    const replace = () => decide(edit, "replace", { text });
    if (text || !edit.before) return replace();
    const gone = labelled(element("span", "pair", ...clipped(edit.before, 80)), { lang: "zh-Hans" });
    return sure(element("span", "", "Nothing is left there: delete ", gone, "?"), "Delete", replace, { careful: true });
  });

const askComment = (edit) => {
  const held = decided.get(editKey(edit));
  ask("Comment", held?.comment ?? "", (comment) =>
    take(about(edit, held?.verdict ?? "none", { comment, ...(held?.text != null ? { text: held.text } : {}) })),
  );
};

const announce = (text) => (document.getElementById("said").textContent = text);

const goBack = () => {
  const taken = undo();
  if (!taken) return announce("nothing to undo");
  const edit = edits.find((one) => one.id === taken.edit && one.document.name === taken.document);
  if (edit) select(edit);
  return announce("undone");
};

const goToSeries = () => {
  const first = seriesSection.querySelector(".opener");
  if (!first) return announce("no change comes again and again");
  seriesSection.scrollIntoView();
  return first.focus({ preventScroll: true });
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  n: nextUndecided,
  u: goBack,
  a: () => current && decide(current, "accept"),
  r: () => current && decide(current, "reject"),
  A: () => current && decide(current, "always"),
  R: () => current && decide(current, "never"),
  e: () => current && current.more.kind !== "move" && askReplacement(current),
  c: () => current && askComment(current),
  o: () => current && toggle(current),
  v: () => setBeside(!document.body.classList.contains("beside")),
  p: askApply,
  s: goToSeries,
  "/": () => controls.text.select(),
  "?": () => help.showModal(),
};

// While an input method composes a word, Enter and Escape are its own; Enter opens a list of choices.
const leavesFilter = (event) => {
  const clear = event.key === "Escape";
  if (event.isComposing || !form.contains(event.target)) return;
  if (!clear && !(event.key === "Enter" && event.target.matches("input:not([type=checkbox])"))) return;
  event.preventDefault();
  leaveFilter(event.target, clear);
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input, select, textarea")) return void leavesFilter(event);
  if (event.key === "Enter" && event.target.matches(".note")) return void toggle(edits[event.target.dataset.edit]);
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

const setBeside = (beside) => {
  document.body.classList.toggle("beside", beside);
  document.getElementById("beside").setAttribute("aria-pressed", String(beside));
  chunks.forEach(refill);
  mark();
};

const reveal = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const edit = edits.find((one) => id.endsWith(inert(one.id)) && anchorOf(one) === id);
  if (edit) {
    if (!edit.shown) {
      form.reset();
      filter();
    }
    if (!history.state?.walked) edit.open = true; // a link was followed, rather than this page walked and loaded again
    const chunk = chunkOf(edit);
    if (chunk) refill(chunk);
    select(edit);
  } else {
    document.getElementById(id)?.scrollIntoView();
  }
};

// What changed is drawn again where it is seen; the filter is left as it is, so that nothing jumps away under the hand.
const redraw = () => {
  for (const row of document.querySelectorAll(".note")) {
    const edit = edits[row.dataset.edit];
    if (edit.open) {
      const fresh = openNote(edit);
      row.querySelector(".about")?.replaceWith(fresh);
    }
    row.querySelector(".verdict").replaceWith(verdictMark(edit));
    row.querySelector(".remark").replaceWith(commentMark(edit));
  }
  document.querySelectorAll("article.passage").forEach(redrawTexts);
  mark();
  redrawSeries();
  drawProgress();
};

const drawProgress = () => {
  const done = edits.reduce((sum, edit) => sum + (verdictOf(edit) ? 1 : 0), 0);
  const progress = document.getElementById("progress");
  progress.max = Math.max(edits.length, 1);
  progress.value = done;
  document.getElementById("done").textContent = `${NUMBER.format(done)} of ${NUMBER.format(edits.length)} decided`;
  status.classList.toggle("problem", Boolean(problem));
  if (server) {
    status.textContent = problem
      ? `${waiting.length ? `${NUMBER.format(waiting.length)} not saved yet: ` : ""}${problem}`
      : waiting.length
        ? "saving …"
        : "all saved";
  } else {
    status.textContent = unsaved
      ? `${NUMBER.format(unsaved)} not saved to a file yet${problem ? `: ${problem}` : ""}`
      : "";
  }
};

const start = () => {
  documents.forEach((doc) => (doc.folded = false));
  startDecisions();
  startFilter();
  const view = overReload("view");
  overReload("view", null);
  if (view) bringBackFilter(view);
  filter();
  drawSeries();
  drawProgress();
  let drawn = 0;
  watchers.push(() => {
    cancelAnimationFrame(drawn);
    drawn = requestAnimationFrame(redraw);
  });
  const name = document.getElementById("who");
  if (!server) {
    name.value = remembered("who")[0] ?? "";
    name.addEventListener("change", () => remember("who", [name.value]));
  }
  document.getElementById("undo").addEventListener("click", goBack);
  document
    .getElementById("beside")
    .addEventListener("click", () => setBeside(!document.body.classList.contains("beside")));
  document.getElementById("keys").addEventListener("click", () => help.showModal());
  document.getElementById("save")?.addEventListener("click", save);
  document.getElementById("apply")?.addEventListener("click", apply);
  addEventListener("hashchange", reveal);
  document.querySelector("#told button")?.addEventListener("click", () => tellApplied(null));
  tellApplied(overReload("told"));
  form.hidden = edits.length === 0;
  if (view) bringBackPlace(view);
  else reveal();
  document.documentElement.dataset.ready = "yes";
};

start();
