// The run as the page knows it: edits, documents, passages, series, by the rows that cleaner.report.data writes.

const data = JSON.parse(document.getElementById("data").textContent);
const [APPLIED, SUGGESTED, FLAGGED, REJECTED] = [0, 1, 2, 3];
const SIGN_OF_BAND = ["✓", "?", "!", "✗"];
const rules = data.rules.map(([name, does, why, source]) => ({ name, does, why, source, pass: name.split("/")[0] }));
const series = data.series.map((one, place) => ({ ...one, place, edits: [] }));
const documents = data.documents;
const edits = data.edits.map((row, place) => {
  const [id, doc, number, line, start, end, before, after, rule, band, confidence, left, right, inSeries, more] = row;
  return {
    place,
    id,
    document: documents[doc],
    number,
    line,
    start,
    end,
    before,
    after,
    rule: rules[rule],
    band,
    confidence,
    left,
    right,
    series: inSeries === null ? null : series[inSeries],
    more: more || {},
    passage: null,
  };
});
data.edits = null; // each edit is held once

const groups = new Map();
for (const edit of edits) {
  if (edit.series) edit.series.edits.push(edit);
  if (!edit.more.group) continue;
  const key = `${edit.document.anchor} ${edit.more.group}`;
  edit.group = groups.get(key) ?? [];
  if (edit.group.length === 0) groups.set(key, edit.group);
  edit.group.push(edit);
}

for (const doc of documents) {
  doc.passages = doc.passages.map((row) => {
    if (row.length === 3) return { line: row[0], lines: row[1], text: row[2], edits: [] }; // what did not change
    const [line, begins, ends, tokens, places] = row;
    const passage = { line, begins, ends, tokens, edits: places.map((place) => edits[place]), document: doc };
    for (const edit of passage.edits) edit.passage = passage;
    return passage;
  });
}

for (const doc of documents) doc.furniture = [];
for (const edit of edits) if (edit.more.furniture) edit.document.furniture.push(edit);

const anchorOf = (edit) => `${edit.document.anchor}-${inert(edit.id)}`;
const bandName = (edit) => data.bands[edit.band];

// The text of a passage before or after its changes, in lower case, and where its edits touch it.
const reading = (passage, after) => {
  let text = "";
  const spans = [];
  for (const token of passage.tokens) {
    if (typeof token === "string") text += token;
    else if (token[0] === 0) text += token[1];
    else if (token[0] === 1) {
      const piece = after ? token[3] : token[2];
      spans.push([text.length, text.length + piece.length, edits[token[1]]]);
      text += piece;
    }
  }
  return { text: text.toLowerCase(), spans };
};

// The edits of a passage that a sought text is about: those whose change it touches, or all where it stands beside them.
const touched = (passage, sought) => {
  passage.readings ??= [reading(passage, false), reading(passage, true)];
  const found = new Set();
  let inPassage = false;
  for (const { text, spans } of passage.readings) {
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
      inPassage = true;
      const to = at + sought.length;
      for (const [start, end, edit] of spans) {
        if (start < end ? start < to && at < end : at <= start && start <= to) found.add(edit);
      }
    }
  }
  return found.size > 0 || !inPassage ? found : new Set(passage.edits);
};
