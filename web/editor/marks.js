// What is known of whole lines: which happened last, which have not happened yet, which are wrong, and what came of those that
// say what must be true. A shape stands beside the line, a word behind it: nothing is said by colour alone.
import { RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, gutter } from "@codemirror/view";

/** The marks of all lines, anew. */
export const setLineMarks = StateEffect.define();

/** Shapes on a grid of 18, as the rest of the page draws them. */
const SHAPES = {
  active: ["M6 4.5v9L13 9z"],
  wrong: ["M9 2 16.5 15.5h-15z", "M9 7v4M9 13v.4"],
  holds: ["M9 1.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 1 0 0-14.5z", "m5.6 9.3 2.3 2.3 4.5-5.1"],
  bad: ["M5.7 1h6.6L17 5.7v6.6L12.3 17H5.7L1 12.3V5.7z", "m5.9 5.9 6.2 6.2M12.1 5.9l-6.2 6.2"],
  pending: ["M9 1.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 1 0 0-14.5z", "M5.2 9h1M8.5 9h1M11.8 9h1"],
};

function shape(kind) {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 18 18");
  svg.setAttribute("class", `cm-shape ${kind}`);
  for (const line of SHAPES[kind]) svg.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", line);
  return svg;
}

class Mark extends GutterMarker {
  constructor(kind, words) {
    super();
    Object.assign(this, { kind, words });
  }

  eq(other) {
    return this.kind === other.kind && this.words === other.words;
  }

  toDOM() {
    const dom = document.createElement("span");
    dom.title = this.words;
    dom.append(shape(this.kind));
    return dom;
  }
}

/** The verdict behind a line. Whoever listens to the page has the list of verdicts under the text. */
class Verdict extends WidgetType {
  constructor(kind, word) {
    super();
    Object.assign(this, { kind, word });
  }

  eq(other) {
    return this.kind === other.kind && this.word === other.word;
  }

  toDOM() {
    const dom = document.createElement("span");
    dom.className = `cm-verdict ${this.kind}`;
    dom.setAttribute("aria-hidden", "true");
    dom.append(shape(this.kind), this.word);
    return dom;
  }
}

const LINES = Object.fromEntries(["active", "ahead", "err"].map((name) => [name, Decoration.line({ class: `cm-${name}` })]));

/** Marks as CodeMirror wants them: sorted by place. */
function built(doc, { wrong, active, ahead, verdicts }) {
  const [lines, gutter] = [new RangeSetBuilder(), new RangeSetBuilder()];
  const is = { active: new Set(active), ahead: new Set(ahead), err: new Set(wrong.map(({ line }) => line)) };
  const said = new Map(verdicts.map((verdict) => [verdict.line, verdict]));
  const numbers = new Set([...active, ...ahead, ...is.err, ...said.keys()]);
  for (const number of [...numbers].filter((number) => number >= 1 && number <= doc.lines).sort((a, b) => a - b)) {
    const { from, to } = doc.line(number);
    for (const name of Object.keys(LINES)) if (is[name].has(number)) lines.add(from, from, LINES[name]);
    const verdict = said.get(number);
    if (verdict) lines.add(to, to, Decoration.widget({ widget: new Verdict(verdict.kind, verdict.word), side: 1 }));
    if (is.err.has(number)) gutter.add(from, from, new Mark("wrong", "Something is wrong here"));
    else if (verdict) gutter.add(from, from, new Mark(verdict.kind, verdict.word));
    else if (is.active.has(number)) gutter.add(from, from, new Mark("active", "This happened last"));
  }
  return { lines: lines.finish(), gutter: gutter.finish() };
}

const known = StateField.define({
  create: () => ({ lines: Decoration.none, gutter: RangeSet.empty }),
  update(value, change) {
    const news = change.effects.find((effect) => effect.is(setLineMarks));
    if (news) return built(change.state.doc, news.value);
    if (!change.docChanged) return value;
    return { lines: value.lines.map(change.changes), gutter: value.gutter.map(change.changes) };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.lines),
});

export const lineMarks = [
  known,
  gutter({
    class: "cm-marks",
    markers: (view) => view.state.field(known).gutter,
    // As wide without a mark as with one.
    initialSpacer: () => new Mark("active", ""),
  }),
];
