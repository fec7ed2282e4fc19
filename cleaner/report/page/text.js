// Text made visible, and elements made of it. Texts of documents only ever become text nodes.

const SIGNS = { " ": "␣", "\u3000": "␣", "\t": "⇥", "\n": "⏎" };
const UNSEEN = "\\p{C}\\p{Zl}\\p{Zp}\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}";
const IN_RUNNING = new RegExp(`\\n\\n|(?![\\n\\t\\u3000\\u00a0])[${UNSEEN}]`, "gu");
const IN_CHANGE = new RegExp(`( +|\\u3000+|\\t+|\\n+)|[${UNSEEN}]`, "gu");
const NUMBER = new Intl.NumberFormat("en");

const element = (tag, className = "", ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const labelled = (made, attributes) => {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

const button = (text, label, act, className = "") => {
  const made = labelled(element("button", className, text), { type: "button", title: label });
  if (text.length < 2) made.setAttribute("aria-label", label);
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    act(event);
  });
  return made;
};

const code = (character) =>
  element("span", "code", `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);

const replaced = (text, pattern, made) => {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) nodes.push(text.slice(at, match.index));
    nodes.push(made(match[0]));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
};

// Text as it stands around a change: line ends as LF, a blank line as a small gap, what cannot be seen as its code.
const running = (text) =>
  replaced(text.replaceAll("\r\n", "\n").replace(/\n[ \t\u3000\n]*\n/g, "\n\n"), IN_RUNNING, (found) =>
    found === "\n\n" ? element("span", "gap", "\n\n") : code(found),
  );

// Text as part of a change: white space by signs, counted where it is long; a combining mark gets a dotted circle.
const changed = (text) => {
  const shown = /^\p{M}/u.test(text) && !/^[\ufe00-\ufe0f]/.test(text) ? `◌${text}` : text;
  return replaced(shown.replaceAll("\r\n", "\n"), IN_CHANGE, (found) => {
    const sign = SIGNS[found[0]];
    if (!sign) return code(found);
    return element(
      "span",
      found[0] === "\u3000" ? "space wide" : "space",
      found.length < 4 ? sign.repeat(found.length) : `${sign}×${found.length}`,
    );
  });
};

const clipped = (text, most, shown = changed) => {
  const points = [...text];
  if (points.length <= (most * 5) / 4) return shown(text);
  const head = points.slice(0, Math.floor((most * 3) / 4)).join("");
  const tail = points.slice(-Math.floor(most / 4)).join("");
  const left = points.length - [...head].length - [...tail].length;
  return [...shown(head), element("span", "more", `… ${NUMBER.format(left)} more …`), ...shown(tail)];
};

// A name or a value on one line of plain text, safe to read.
const inert = (text) => text.replace(new RegExp(`[${UNSEEN}]`, "gu"), (c) => code(c).textContent);

const certainty = (confidence) => String(Math.floor(confidence * 1000 + 1e-9) / 1000);

const nothing = () => labelled(element("span", "nothing", "nothing"), { lang: "en" });

const pair = (before, after, most = 24) => [
  before ? element("del", "", ...clipped(before, most)) : nothing(),
  labelled(element("span", "arrow", "→"), { lang: "en" }),
  after ? element("ins", "", ...clipped(after, most)) : nothing(),
];
