// Passages: the text with its changes in place, and a line for each edit that opens to all that is known of it.

const badge = (edit) =>
  element(
    "span",
    `badge ${bandName(edit)}`,
    `${SIGN_OF_BAND[edit.band]} ${edit.band === REJECTED ? "left out" : bandName(edit)}`,
  );

const reference = (edit) => {
  const link = element("a", "reference", String(edit.number));
  link.href = `#${anchorOf(edit)}`;
  return link;
};

// The band under which an edit will stand once the decisions are applied: the text shows it at once.
const bandToBe = (edit) => {
  const verdict = verdictOf(edit)?.verdict;
  if (edit.band === APPLIED && (verdict === "reject" || verdict === "never")) return REJECTED;
  if ((edit.band === SUGGESTED || edit.band === REJECTED) && (verdict === "accept" || verdict === "always"))
    return APPLIED;
  return edit.band;
};

// A token as nodes: `side` is "both" for one text with the changes in it, "before" or "after" for one side alone.
const tokenNodes = (token, side) => {
  if (typeof token === "string") return running(token);
  const [kind] = token;
  if (kind === 0) return [element("span", token[2], ...running(token[1]))];
  const edit = edits[token[1]];
  const isDone = bandToBe(edit) === APPLIED;
  const band = data.bands[bandToBe(edit)];
  if (kind === 1) {
    const [, , before, after, over] = token;
    const short = (text) => ([...text].length <= 6 ? " short" : "");
    const nodes = [];
    const old = side !== "after" || !isDone;
    if (before && old)
      nodes.push(
        element("del", `${band}${short(before)}${edit.more.furniture ? " furniture" : ""}`, ...clipped(before, 160)),
      );
    if (after && (side === "both" || (side === "after" && isDone)))
      nodes.push(element("ins", band + short(after), ...clipped(after, 160)));
    nodes.forEach((node) => (node.dataset.edit = edit.place));
    return over && nodes.length ? [element("span", over, ...nodes)] : nodes;
  }
  if (side === "before" && kind === 3) return [];
  if (side === "after" && kind === 2 && edit.after !== null && edit.more.kind !== "move") return [reference(edit)];
  if (kind === 3) {
    const beginning = [...edit.before.trim()].slice(0, 32).join("");
    return [
      element(
        "span",
        "arrival",
        element("span", "sign moved", `← from line ${NUMBER.format(edit.line)}`),
        " ",
        ...running(beginning),
        "…",
        reference(edit),
      ),
    ];
  }
  if (edit.more.kind === "move") {
    const to = edit.more.destination ? ` to line ${NUMBER.format(edit.more.destination)}` : "";
    return [element("span", "sign moved", `→${to}`), reference(edit)];
  }
  return edit.after === null ? [element("span", "sign flagged", "!"), reference(edit)] : [reference(edit)];
};

const sideOf = (tokens, side, begins, ends) => {
  const text = labelled(element("p", `text ${side}`), { lang: "zh-Hans", dir: "ltr" });
  if (!begins) text.append(element("span", "more", "…"));
  for (const token of tokens) text.append(...tokenNodes(token, side));
  if (!ends) text.append(element("span", "more", "…"));
  return text;
};

// A passage cut at the line ends that both sides have, so that what belongs together stands side by side.
const rowsOf = (passage) => {
  const rows = [[]];
  for (const token of passage.tokens) {
    if (typeof token !== "string") {
      rows.at(-1).push(token);
      continue;
    }
    token.split(/\r?\n/).forEach((line, number) => {
      if (number > 0) rows.push([]);
      if (line) rows.at(-1).push(line);
    });
  }
  return rows.filter((row) => row.length > 0);
};

const textsOf = (passage) => {
  if (!document.body.classList.contains("beside"))
    return [sideOf(passage.tokens, "both", passage.begins, passage.ends)];
  const rows = rowsOf(passage);
  return rows.flatMap((row, at) =>
    ["before", "after"].map((side) =>
      sideOf(row, side, passage.begins || at > 0, passage.ends || at < rows.length - 1),
    ),
  );
};

const what = (edit) => {
  const shown = labelled(element("span", "what"), { lang: "zh-Hans" });
  if (edit.more.kind === "move") {
    shown.append(
      labelled(
        element(
          "span",
          "sign moved",
          edit.more.destination ? `moved to line ${NUMBER.format(edit.more.destination)}` : "moved",
        ),
        { lang: "en" },
      ),
    );
  } else if (edit.after === null) {
    shown.append(element("span", "flagged", ...clipped(edit.before, 16)));
  } else if (edit.more.furniture) {
    shown.append(
      labelled(element("span", "word", "removed "), { lang: "en" }),
      element("del", "", ...clipped(edit.before.trim(), 10)),
    );
  } else {
    shown.append(...pair(edit.before, edit.after));
  }
  return shown;
};

const codePoints = (edit) => {
  const sides = [edit.before, edit.after];
  if (edit.after === null || edit.more.kind === "move" || sides.some((side) => [...side].length > 2)) return null;
  const told = sides.map((side) => [...side].map((c) => code(c).textContent).join(" ") || "nothing").join(" → ");
  return element("p", "codes", told);
};

const verdictMark = (edit) => {
  const held = verdictOf(edit);
  if (!held) return element("span", "verdict");
  const by = { edit: "", group: " with its group", series: " with its series" }[held.by];
  const said = held.decision;
  const mark = element("span", `verdict ${held.verdict}`, LABELS[held.verdict] + by);
  if (held.verdict === "replace")
    mark.append(
      ": ",
      labelled(element("span", "", ...(said.text ? changed(said.text) : [nothing()])), { lang: "zh-Hans" }),
    );
  mark.title = `${said.who || "nobody named"}, ${said.at.slice(0, 16).replace("T", " ")} UTC`;
  return mark;
};

// A comment is read in the list: it is often written for the next person who comes by.
const commentMark = (edit) => {
  const comment = decided.get(editKey(edit))?.comment;
  if (!comment) return element("span", "remark");
  return element("span", "remark", element("span", "unseen", "comment: "), inert(comment));
};

const choices = (edit) => {
  const chosen = element("span", "choices");
  chosen.append(
    button("✓", "accept (a)", () => decide(edit, "accept")),
    button("✗", "reject (r)", () => decide(edit, "reject")),
  );
  return chosen;
};

const openNote = (edit) => {
  const more = element("div", "about");
  more.append(element("p", "", element("b", "", edit.rule.name), " ", edit.rule.does, " ", edit.rule.why));
  const codes = codePoints(edit);
  if (codes) more.append(codes);
  const facts = [
    `line ${NUMBER.format(edit.line)}`,
    `characters ${NUMBER.format(edit.start)} to ${NUMBER.format(edit.end)}`,
  ];
  if (edit.band !== REJECTED) facts.push(`confidence ${certainty(edit.confidence)}`);
  const others = (edit.group ?? []).filter((other) => other !== edit).map((other) => other.number);
  if (others.length) facts.push(`decided together with ${others.join(", ")}`);
  const told = element("p", "facts", facts.join("; "));
  for (const [name, value] of edit.more.evidence ?? [])
    told.append("; ", element("i", "", inert(name)), ` ${inert(value)}`);
  told.append(`; id ${inert(edit.id)}`);
  more.append(told);
  if (edit.more.steps) {
    const steps = edit.more.steps.map(([rule, before, after, confidence]) =>
      element(
        "li",
        "",
        labelled(element("span", "", ...pair(before, after, 40)), { lang: "zh-Hans" }),
        " ",
        element("span", "rule", rule),
        ` ${certainty(confidence)}`,
      ),
    );
    more.append(element("ol", "steps", ...steps));
  }
  const acts = element(
    "p",
    "acts",
    button("Accept", "accept (a)", () => decide(edit, "accept")),
    button("Reject", "reject (r)", () => decide(edit, "reject")),
  );
  if (edit.series) {
    acts.append(
      button("Always", "accept everywhere (A)", () => decide(edit, "always")),
      button("Never", "reject everywhere (R)", () => decide(edit, "never")),
    );
  }
  if (edit.more.kind !== "move")
    acts.append(button("Replace …", "type what stands there (e)", () => askReplacement(edit)));
  acts.append(button("Comment …", "write a comment (c)", () => askComment(edit)));
  more.append(acts);
  return more;
};

const note = (edit) => {
  const row = labelled(element("li", `note ${bandName(edit)}`), { id: anchorOf(edit), tabindex: "-1" });
  row.dataset.edit = edit.place;
  const head = element("div", "head");
  const opener = labelled(
    element("button", "opener", element("span", "numbers", String(edit.number)), badge(edit), what(edit)),
    {
      type: "button",
      "aria-expanded": String(edit.open ?? false),
    },
  );
  opener.addEventListener("click", () => {
    select(edit, { scroll: false });
    toggle(edit);
  });
  const rule = labelled(element("span", "rule", edit.rule.name.split("/").pop()), {
    title: `${edit.rule.name}: ${edit.rule.does}`,
  });
  const sure = labelled(element("span", "confidence", edit.band === REJECTED ? "" : certainty(edit.confidence)), {
    title: "confidence",
  });
  head.append(opener, rule, sure, verdictMark(edit), commentMark(edit), choices(edit));
  if (edit.more.new) rule.append(" ", element("span", "new", "new"));
  row.append(head);
  if (edit.open) row.append(openNote(edit));
  return row;
};

const bandsToBe = (passage) => passage.edits.map(bandToBe).join("");

// Draws the text of a passage again where a decision changed how its edits stand in it.
const redrawTexts = (article) => {
  const bands = bandsToBe(article.passage);
  if (article.bands === bands) return;
  article.bands = bands;
  article.querySelector(".texts").replaceChildren(...textsOf(article.passage));
};

const passageNode = (passage) => {
  const shown = passage.edits.filter((edit) => edit.shown);
  const article = element("article", "passage");
  Object.assign(article, { passage, bands: bandsToBe(passage) });
  article.append(element("p", "line-number", element("span", "unseen", "line "), NUMBER.format(passage.line)));
  article.append(element("div", "texts", ...textsOf(passage)));
  if (shown.length) article.append(element("ol", "notes", ...shown.map(note)));
  return article;
};
