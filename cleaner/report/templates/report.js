"use strict";
// The page is whole without this script: it only filters, unfolds what a link points to, and unfolds all for printing.
(() => {
  const form = document.getElementById("filter");
  const controls = form.elements;
  const documents = [...document.querySelectorAll("details.document")].map((element) => ({
    element,
    found: element.querySelector(":scope > summary .found"),
    passages: [...element.querySelectorAll(".passage")].map((passage) => ({
      element: passage,
      references: [...passage.querySelectorAll(".reference")],
      notes: [...passage.querySelectorAll(".note")].map((note) => ({
        element: note,
        ids: [...note.querySelectorAll(".entry")].map((entry) => entry.id),
      })),
      readings: null,
    })),
  }));
  const size = (passages) => passages.flatMap((passage) => passage.notes).reduce((sum, note) => sum + note.ids.length, 0);
  const total = documents.reduce((sum, doc) => sum + size(doc.passages), 0);

  // The text of a passage without its `ins` (as it read before) or without its `del` (as it reads after), so that a search
  // finds a word across the marks in it; and for every edit, by id, the spans of that text that it is about.
  const reading = (passage, without) => {
    const spans = new Map();
    let text = "";
    let waiting = []; // spans whose reference is still to come
    const walk = (node, marked) => {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) {
          if (marked) waiting.push([text.length, text.length + child.data.length]);
          text += child.data;
        } else if (child.matches(".reference")) {
          spans.set(child.hash.slice(1), waiting);
          waiting = [];
        } else if (child.localName === without) {
          waiting.push([text.length, text.length]);
        } else if (!child.matches(".sign, .more, .arrival")) {
          walk(child, marked || child.matches("del, ins, .flagged, .moved"));
        }
      }
    };
    walk(passage.element.querySelector(".text"), false);
    return { text: text.toLowerCase(), spans };
  };

  // What a note says of its own edits; what its rule does is the same in all.
  const words = ({ element }) =>
    `${element.querySelector("summary").textContent}\n${element.querySelector("ul").textContent}`.toLowerCase();

  // The ids of the edits whose change the sought text touches; of all edits where it stands in the passage but touches none.
  const touched = (passage, sought) => {
    passage.readings ??= [reading(passage, "ins"), reading(passage, "del")];
    const ids = new Set();
    let inPassage = false;
    for (const { text, spans } of passage.readings) {
      for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
        inPassage = true;
        for (const [id, ranges] of spans) {
          if (ranges.some(([start, end]) => at <= end && start <= at + sought.length)) ids.add(id);
        }
      }
    }
    return ids.size > 0 || !inPassage ? ids : new Set(passage.notes.flatMap((note) => note.ids));
  };

  const filter = () => {
    const bands = new Set([...form.querySelectorAll("[name=band]:checked")].map((box) => box.value));
    const pass = controls.pass.value;
    const text = controls.text.value.trim().toLowerCase();
    const filtered = text !== "" || pass !== "" || form.querySelector("[name=band]:not(:checked)") !== null;
    let found = 0;
    for (const doc of documents) {
      let foundHere = 0;
      for (const passage of doc.passages) {
        const ids = text === "" ? null : touched(passage, text);
        const fitting = new Set();
        for (const note of passage.notes) {
          const { band, pass: ofPass } = note.element.dataset;
          const wanted = bands.has(band) && (pass === "" || ofPass === pass);
          const all = wanted && (ids === null || words(note).includes(text));
          const here = all ? note.ids : wanted ? note.ids.filter((id) => ids.has(id)) : [];
          here.forEach((id) => fitting.add(id));
          note.element.hidden = here.length === 0;
        }
        passage.element.hidden = fitting.size === 0;
        for (const reference of passage.references) {
          reference.classList.toggle("match", filtered && fitting.has(reference.hash.slice(1)));
        }
        foundHere += fitting.size;
      }
      doc.element.hidden = foundHere === 0;
      doc.found.textContent = foundHere === size(doc.passages) ? "" : ` · ${foundHere.toLocaleString("en")} match`;
      found += foundHere;
    }
    controls.found.value =
      found === total
        ? `${total.toLocaleString("en")} shown`
        : `${found.toLocaleString("en")} of ${total.toLocaleString("en")} match`;
  };

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) {
      form.reset();
      filter();
    }
    for (let element = target; element; element = element.parentElement) {
      if (element instanceof HTMLDetailsElement) element.open = true;
    }
    target.scrollIntoView({ block: target.matches(".entry") ? "center" : "start" });
  };

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details.document:not([open]), details.removed:not([open])")];
    folded.forEach((element) => (element.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((element) => (element.open = false)));

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  form.hidden = total === 0;
  controls.found.value = `${total.toLocaleString("en")} shown`;
  reveal();
})();
