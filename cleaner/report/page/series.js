// Series: the same change over the whole run, decided at once; what settles most stands first.

const MOST_SERIES = 24; // of either kind, before more are asked for
const MOST_LINES = 40; // of keywords in context
const seriesSection = document.getElementById("series");

const undecidedIn = (one) => one.edits.filter((edit) => !verdictOf(edit)).length;
const totalOf = (one) => one.bands.reduce((sum, number) => sum + number, 0);

const keyword = (edit) => {
  const link = element("a", "keyword");
  link.href = `#${anchorOf(edit)}`;
  link.append(
    element("span", "left", ...changed(edit.left)),
    element("span", `change ${bandName(edit)}`, ...pair(edit.before, edit.after)),
    element("span", "right", ...changed(edit.right)),
  );
  return element("li", "", labelled(link, { lang: "zh-Hans" }), choices(edit), verdictMark(edit));
};

const seriesNode = (one) => {
  const item = element("li", "one");
  const draw = () => {
    const decision = saying(decided.get(seriesKeys(one)[0]));
    const left = undecidedIn(one);
    const opener = labelled(
      element(
        "button",
        "opener",
        labelled(
          element(
            "span",
            "pair",
            one.before ? element("span", "from", ...changed(one.before)) : nothing(),
            element("span", "arrow", "→"),
            one.after ? element("span", "to", ...changed(one.after)) : nothing(),
          ),
          { lang: "zh-Hans" },
        ),
        element("span", "times", `×${NUMBER.format(totalOf(one))}`),
      ),
      { type: "button", "aria-expanded": String(Boolean(one.open)) },
    );
    opener.addEventListener("click", () => {
      one.open = !one.open;
      draw();
    });
    const bands = element(
      "span",
      "bands",
      ...one.bands.map((number, band) =>
        number
          ? element("span", data.bands[band], `${SIGN_OF_BAND[band]} ${NUMBER.format(number)} ${data.bands[band]}`)
          : null,
      ),
    );
    const state = element(
      "span",
      decision ? `verdict ${decision.verdict}` : "verdict",
      decision ? LABELS[decision.verdict] : left < one.edits.length ? `${NUMBER.format(left)} undecided` : "",
    );
    const acts = element(
      "span",
      "choices",
      button("Always", "accept every one", () => decide(one.edits[0], "always")),
      button("Never", "reject every one", () => decide(one.edits[0], "never")),
    );
    item.replaceChildren(
      opener,
      acts,
      bands,
      state,
      labelled(element("span", "rule", rules[one.rule].name), { title: rules[one.rule].does }),
    );
    if (one.open) {
      item.append(element("ol", "keywords", ...one.edits.slice(0, MOST_LINES).map(keyword)));
      if (one.edits.length > MOST_LINES)
        item.append(
          element(
            "p",
            "rest",
            `And ${NUMBER.format(one.edits.length - MOST_LINES)} more; Always and Never decide them too.`,
          ),
        );
    }
  };
  one.draw = draw;
  draw();
  return item;
};

// What was decided everywhere, to be taken back: once applied, its edits are no longer there.
const drawStanding = () => {
  const standing = [...decided.values()]
    .filter((d) => d.everywhere && d.verdict !== "none")
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const box = document.getElementById("standing");
  box.hidden = standing.length === 0;
  box.querySelector("ol").replaceChildren(
    ...standing.map((decision) => {
      const [left, right] = decision.beside ?? ["", ""];
      const sides = [decision.before, decision.after ?? ""].map((side) => left + side + right);
      const change = labelled(element("span", "pair", ...pair(...sides)), { lang: "zh-Hans" });
      const who = `${inert(decision.who) || "nobody named"}, ${decision.at.slice(0, 16).replace("T", " ")} UTC`;
      return element(
        "li",
        "",
        change,
        element("span", `verdict ${decision.verdict}`, LABELS[decision.verdict]),
        element("span", "rule", decision.rule),
        element("span", "rule", who),
        element(
          "span",
          "choices",
          button("Take back", "take this decision back", () =>
            take({ ...decision, verdict: "none", who: whoNow(), at: now() }),
          ),
        ),
      );
    }),
  );
};

const drawSeries = () => {
  const repeated = series.filter((one) => totalOf(one) > 1 && one.edits.length);
  seriesSection.hidden = repeated.length === 0;
  const lists = [
    ["of characters", true],
    ["of marks and white space", false],
  ].map(([title, writing]) => {
    const found = repeated.filter((one) => one.writing === writing).sort((a, b) => totalOf(b) - totalOf(a));
    if (found.length === 0) return null;
    const box = element("div", "", element("h3", "", title));
    const ol = element("ol", "series", ...found.slice(0, MOST_SERIES).map(seriesNode));
    box.append(ol);
    if (found.length > MOST_SERIES) {
      const more = button(
        `Show ${NUMBER.format(found.length - MOST_SERIES)} more`,
        "show the rest",
        () => {
          ol.append(...found.slice(MOST_SERIES).map(seriesNode));
          more.remove();
        },
        "plain",
      );
      box.append(more);
    }
    return box;
  });
  seriesSection.querySelector(".lists").replaceChildren(...lists.filter(Boolean));
  drawStanding();
};

const redrawSeries = () => {
  series.forEach((one) => one.draw && one.draw());
  drawStanding();
};
