// Decisions: taken here, kept by the server or, in a report opened as a file, in this browser until they are saved.

const server = document.body.dataset.server ?? null; // the address of the review, or null
// A browser keeps one memory for all files: two runs over the same sources are told apart by where their reports lie.
const MEMORY = server ? `cleaner:${data.run}` : `cleaner:${data.run}:${location.pathname}`;
const LABELS = { accept: "accepted", reject: "rejected", replace: "replaced", always: "always", never: "never" };
const decided = new Map(); // by what they are about, the latest
const given = new Map(); // when the decisions that came with the page were taken, by what they are about
const undoable = [];
const watchers = []; // told after every change
let waiting = []; // taken, and not yet with the server
let unsaved = 0; // taken, and not yet saved to a file
let lastAt = "";
let problem = ""; // why decisions are not kept

const keyOf = (d) =>
  d.everywhere
    ? ["everywhere", d.rule, d.before, d.after ?? "", ...(d.beside ?? ["", ""])].join("\u0000")
    : ["edit", d.document, d.edit].join("\u0000");
const editKey = (edit) => (edit.key ??= ["edit", edit.document.name, edit.id].join("\u0000"));
// A series by the word that it mends, then by its change alone.
const seriesKeys = (one) => {
  const [{ rule, before, after }] = one.edits;
  return (one.keys ??= [one.beside, ["", ""]].map((beside) =>
    ["everywhere", rule.name, before, after, ...beside].join("\u0000"),
  ));
};

const remember = (name, value) => {
  try {
    localStorage.setItem(`${MEMORY}:${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or a browser that keeps nothing for files: the decisions are in this page alone
  }
};
const remembered = (name) => {
  try {
    return JSON.parse(localStorage.getItem(`${MEMORY}:${name}`)) ?? [];
  } catch {
    return [];
  }
};

// Each tab keeps what waits for the server under a name of its own, so that no tab overwrites another's.
const MINE = `waiting:${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
const leftBehind = () => {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`${MEMORY}:waiting:`)) continue;
      found.push(...JSON.parse(localStorage.getItem(key)));
      localStorage.removeItem(key);
    }
  } catch {
    // nothing was kept
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
};
const keepWaiting = () => {
  if (waiting.length) remember(MINE, waiting);
  else localStorage?.removeItem(`${MEMORY}:${MINE}`);
};

const holds = (decision) => {
  const key = keyOf(decision);
  const known = decided.get(key);
  if (!known || decision.at >= known.at) decided.set(key, decision);
};

const saying = (decision) => (decision && decision.verdict !== "none" ? decision : null);

// What holds for an edit: what was said of it, of its group, of its series; `by` says which.
const verdictOf = (edit) => {
  const own = saying(decided.get(editKey(edit)));
  if (own?.verdict === "replace") return { verdict: "replace", decision: own, by: "edit" };
  let latest = own;
  for (const other of edit.group ?? []) {
    const said = saying(decided.get(editKey(other)));
    if (said && said.verdict !== "replace" && (!latest || said.at > latest.at)) latest = said;
  }
  if (latest) return { verdict: latest.verdict, decision: latest, by: latest === own ? "edit" : "group" };
  if (!edit.series) return null;
  for (const key of seriesKeys(edit.series)) {
    const said = saying(decided.get(key));
    if (said) return { verdict: said.verdict, decision: said, by: "series" };
  }
  return null;
};

const now = () => {
  const time = new Date().toISOString().slice(0, -1); // to the millisecond; what follows keeps the order
  const count = time === lastAt.slice(0, time.length) ? Number(lastAt.slice(time.length, time.length + 3)) + 1 : 0;
  lastAt = `${time}${String(count).padStart(3, "0")}+00:00`;
  return lastAt;
};

const about = (edit, verdict, more = {}) => {
  const { id, before, after, left, right, start, line } = edit;
  const made = {
    verdict,
    document: edit.document.name,
    edit: id,
    rule: edit.rule.name,
    before,
    after,
    left,
    right,
    start,
    line,
  };
  if (edit.more.kind) Object.assign(made, { kind: edit.more.kind, to: edit.more.to });
  if (verdict === "always" || verdict === "never")
    Object.assign(made, { everywhere: true, beside: edit.series.beside });
  const comment = decided.get(editKey(edit))?.comment;
  if (comment && !made.everywhere) made.comment = comment;
  return { ...made, ...more, who: whoNow(), at: now() };
};

const whoNow = () => document.getElementById("who")?.value.trim() ?? "";

const take = (decision, { undo = true } = {}) => {
  if (undo) undoable.push({ decision, before: decided.get(keyOf(decision)) ?? null });
  holds(decision);
  if (server) {
    waiting.push(decision);
    keepWaiting();
    send();
  } else {
    unsaved += 1;
    remembered("taken").forEach(holds); // another tab's
    problem = remember("taken", [...decided.values()]) ? "" : "this browser keeps no more of them; save them to a file";
  }
  tell();
};

const undo = () => {
  const last = undoable.pop();
  if (!last) return null;
  const { comment, text, ...rest } = last.decision;
  take({ ...(last.before ?? { ...rest, verdict: "none" }), who: whoNow(), at: now() }, { undo: false });
  return last.decision;
};

const tell = () => watchers.forEach((watch) => watch());

// With a server

// A review that is started again has a new token in its address, so this page can never reach it.
const GONE =
  "the review was restarted or ended; open the address that `cleaner review` prints; what is not saved is kept here";
let sending = false;
let known = 0; // decisions of the ledger that this page has seen

// Sends what waits. The server takes a batch whole or not at all; one that it refuses is sent again one by one, and a
// decision that it will never take is let go, so that it does not hold up the others.
const send = async (most = 500) => {
  if (sending || waiting.length === 0) return;
  sending = true;
  const some = waiting.slice(0, most);
  let next = most;
  try {
    const answer = await fetch(`${server}decisions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(some),
    });
    if (answer.status === 404) throw new Error(GONE);
    const { error } = await answer.json().catch(() => ({ error: `status ${answer.status}` }));
    const refused = answer.status === 422;
    if (!answer.ok && !refused) throw new Error(error);
    if (refused) next = 1;
    if (!refused || some.length === 1) waiting = waiting.slice(some.length);
    keepWaiting();
    problem = "";
  } catch (error) {
    const isGone = error instanceof TypeError || error.message === GONE;
    problem = isGone ? GONE : `${error.message}; they are kept and sent again`;
  }
  sending = false;
  if (!problem && waiting.length) send(next);
  tell();
};

// What others decided, or this person in another tab.
const look = async () => {
  if (waiting.length) await send();
  try {
    const answer = await fetch(`${server}decisions?after=${known}`);
    if (answer.status === 404) throw new Error(GONE);
    if (!answer.ok) return;
    const { number, decisions } = await answer.json();
    known = number;
    problem = "";
    decisions.forEach(holds);
    waiting.forEach(holds);
    tell();
  } catch {
    problem = GONE;
    tell();
  }
};

// Whether the server has all that was taken: what is on its way is waited for.
const allSent = async () => {
  await send();
  while ((sending || waiting.length) && !problem) await new Promise((resolve) => setTimeout(resolve, 30));
  return waiting.length === 0;
};

// Another tab, of the review that was started again, has taken over what this one could not send.
const takenOver = ({ key, newValue }) => {
  if (key !== `${MEMORY}:${MINE}` || newValue !== null || !problem) return;
  waiting = [];
  tell();
};

// Without a server

// The name is often typed last; what came with the page is somebody's already.
const sign = () => {
  const who = whoNow();
  for (const [key, d] of decided) if (who && !d.who && given.get(key) !== d.at) decided.set(key, { ...d, who });
  remember("taken", [...decided.values()]);
};

const save = () => {
  sign();
  const lines = [...decided.values()]
    .filter((d) => d.verdict !== "none" || d.comment)
    .map((d) => `${JSON.stringify(d)}\n`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  link.download = "decisions.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
  unsaved = 0;
  tell();
};

const startDecisions = () => {
  data.decisions.map((line) => JSON.parse(line)).forEach(holds);
  decided.forEach((decision, key) => given.set(key, decision.at));
  addEventListener("beforeunload", (event) => (unsaved > 0 || waiting.length > 0) && event.preventDefault());
  if (server) {
    waiting = leftBehind();
    keepWaiting();
    waiting.forEach(holds);
    addEventListener("storage", takenOver);
    look();
    setInterval(look, 3000);
    return;
  }
  const takeOver = () => remembered("taken").forEach(holds);
  takeOver();
  addEventListener("storage", () => {
    takeOver();
    tell();
  });
};
