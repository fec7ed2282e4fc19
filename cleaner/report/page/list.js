// The list of documents: passages are made when they come near the window and unmade when they leave it, in chunks.

const PER_CHUNK = 8; // passages; a few windows' height
const NEAR = "1500px 0px";
const HEIGHT = { passage: 70, note: 29 }; // CSS pixels, before a chunk was seen

const list = document.getElementById("documents");
let chunks = [];

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) fill(target.chunk);
      else empty(target.chunk);
    }
  },
  { rootMargin: NEAR },
);

const fill = (chunk) => {
  if (chunk.filled) return;
  chunk.filled = true;
  chunk.node.style.height = "";
  chunk.node.replaceChildren(...chunk.items.map((item) => (item.tokens ? passageNode(item) : foldNode(item))));
  if (current && chunk.edits.has(current)) mark();
};

const empty = (chunk) => {
  if (!chunk.filled || printing || chunk.node.contains(document.activeElement)) return;
  chunk.node.style.height = `${chunk.node.offsetHeight}px`;
  chunk.filled = false;
  chunk.node.replaceChildren();
};

// What did not change, folded away; with its text where the report holds it.
const foldNode = (fold) => {
  const told = fold.lines === 1 ? "1 line unchanged" : `${NUMBER.format(fold.lines)} lines unchanged`;
  if (!fold.text) return element("p", "fold", told);
  const opener = labelled(element("button", "opener", told), {
    type: "button",
    "aria-expanded": String(Boolean(fold.open)),
  });
  const node = element("div", "fold", opener);
  if (fold.open) node.append(labelled(element("p", "text", ...running(fold.text)), { lang: "zh-Hans", dir: "ltr" }));
  opener.addEventListener("click", () => {
    fold.open = !fold.open;
    const fresh = foldNode(fold);
    node.replaceWith(fresh);
    fresh.querySelector("button").focus({ preventScroll: true });
  });
  return node;
};

const refill = (chunk) => {
  if (!chunk.filled) return;
  chunk.filled = false;
  fill(chunk);
};

const chunkOf = (edit) => chunks.find((chunk) => chunk.edits.has(edit));

// Passages in which something is shown, and, where nothing is filtered out, what is folded between them.
const itemsOf = (doc) =>
  doc.passages.filter((item) => (item.tokens && item.edits.length ? item.edits.some((edit) => edit.shown) : !filtered));

const chunksOf = (doc) => {
  const items = itemsOf(doc);
  const made = [];
  for (let at = 0; at < items.length; at += PER_CHUNK) {
    const some = items.slice(at, at + PER_CHUNK);
    const node = element("div", "chunk");
    const height = some.reduce(
      (sum, item) => sum + (item.tokens ? HEIGHT.passage + HEIGHT.note * item.edits.filter((e) => e.shown).length : 30),
      0,
    );
    node.style.height = `${height}px`;
    const chunk = {
      node,
      items: some,
      filled: false,
      edits: new Set(some.flatMap((item) => (item.tokens ? item.edits : []))),
    };
    node.chunk = chunk;
    made.push(chunk);
  }
  return made;
};

const documentNode = (doc) => {
  const section = labelled(element("details", "document"), { id: doc.anchor });
  section.open = !doc.folded;
  section.addEventListener("toggle", () => (doc.folded = !section.open));
  const facts = [`${NUMBER.format(doc.characters)} ${doc.characters === 1 ? "character" : "characters"}`];
  if (doc.encoding) facts.push(doc.encoding + (doc.certain ? "" : " (guessed)"));
  doc.counts.forEach(
    (number, band) => number && facts.push(`${SIGN_OF_BAND[band]} ${NUMBER.format(number)} ${data.bands[band]}`),
  );
  if (doc.shown < doc.total) facts.push(`${NUMBER.format(doc.shown)} match`);
  section.append(element("summary", "", element("h2", "", inert(doc.name)), element("p", "", facts.join(" · "))));
  if (doc.message) section.append(element("p", "message", inert(doc.message)));
  if (doc.leftOut)
    section.append(
      element(
        "p",
        "rest",
        `Shown are ${NUMBER.format(doc.total)} of ${NUMBER.format(doc.total + doc.leftOut)} edits: what is flagged and suggested, what was removed, then the least certain. edits.jsonl has all of them.`,
      ),
    );
  if (!doc.hasSource)
    section.append(
      element(
        "p",
        "rest",
        "The ledger holds no copy of this source, so the edits stand here without what is around them.",
      ),
    );
  if (doc.furniture.length) section.append(removedNode(doc));
  if (doc.image) {
    const image = labelled(element("img"), {
      src: `${server}image/${doc.image}`,
      alt: `The scan of ${inert(doc.name)}`,
      loading: "lazy",
    });
    const open = labelled(element("a", "", image), { href: image.src, target: "_blank", rel: "noopener" });
    section.append(element("figure", "scan", open));
    section.classList.add("with-scan");
  }
  return section;
};

// The pieces of the page that are no part of its text, together: what was taken for one wrongly is seen at a glance.
const removedNode = (doc) => {
  const pieces = doc.furniture.map((edit) =>
    element(
      "li",
      "",
      reference(edit),
      ` line ${NUMBER.format(edit.line + edit.before.match(/^\s*/)[0].split("\n").length - 1)}: `,
      labelled(element("span", "", ...clipped(edit.before.trim(), 80)), { lang: "zh-Hans" }),
    ),
  );
  const number = pieces.length === 1 ? "1 piece" : `${NUMBER.format(pieces.length)} pieces`;
  return element(
    "details",
    "removed",
    element("summary", "", `Removed from the page: ${number}`),
    element("ol", "", ...pieces),
  );
};

const drawList = () => {
  watcher.disconnect();
  chunks = [];
  const nodes = [];
  for (const doc of documents) {
    if (doc.shown === 0 && (filtered || doc.total === 0)) continue;
    const section = documentNode(doc);
    const body = element("div", "passages");
    for (const chunk of chunksOf(doc)) {
      chunks.push(chunk);
      body.append(chunk.node);
      watcher.observe(chunk.node);
    }
    section.append(body);
    nodes.push(section);
  }
  if (nodes.length === 0) nodes.push(element("p", "empty", edits.length ? "No edit is like this." : ""));
  list.replaceChildren(...nodes);
};

// Printing wants all of it.
let printing = false;
addEventListener("beforeprint", () => {
  printing = true;
  document.querySelectorAll("details.document:not([open])").forEach((section) => {
    section.open = true;
    section.classList.add("opened");
  });
  chunks.forEach(fill);
});
addEventListener("afterprint", () => {
  printing = false;
  document.querySelectorAll("details.opened").forEach((section) => {
    section.open = false;
    section.classList.remove("opened");
  });
});
