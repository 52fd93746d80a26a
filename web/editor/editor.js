// The editor of scenarios: CodeMirror, told by the page what a scenario is.
//
// The page keeps the text and everything that is known of it; this file knows no word of the language. `page` is a function of
// the page: it takes a question, an object whose `ask` says what is wanted, and gives an answer in JSON. Places are counted in
// UTF-16, as JavaScript counts them. Whatever the page says is text: nothing of it is ever read as HTML.
//
// Here is what a text is shown and changed with. What serves whoever writes (`writing.js`) is fetched when somebody comes near.
import { Annotation, EditorState, Prec, StateEffect } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers, tooltips } from "@codemirror/view";
import { colours } from "./colours.js";
import { look } from "./look.js";
import { lineMarks, setLineMarks } from "./marks.js";

/** On changes that come from the page, and that it knows already. */
const fromPage = Annotation.define();

/** Puts an editor into an element. `labels` holds the attributes of the field. */
export function open(parent, page, labels) {
  /** Some of CodeMirror's work is done later: when the editor is closed there is nobody to be asked. */
  let closed = false;
  const ask = (ask, more) => {
    if (closed) return null;
    const answer = page({ ask, ...more });
    return answer ? JSON.parse(answer) : null;
  };
  /** The next change is one that was taken back or brought back: the caret goes where it is. */
  let steps = false;
  /** Back and forward through all changes of the text: the page knows them all, this field only what was typed. */
  const keydown = (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !(key === "z" || key === "y")) return false;
    steps = true;
    ask("undo", { back: key === "z" && !event.shiftKey });
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        // The text is the page's, byte by byte: no other sign ends a line.
        EditorState.lineSeparator.of("\n"),
        EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
        EditorState.tabSize.of(4),
        EditorView.contentAttributes.of(JSON.parse(labels)),
        // Beside the panel, which would cut them off.
        tooltips({ parent: parent.closest("main") ?? document.body }),
        lineNumbers(),
        lineMarks,
        highlightSpecialChars(),
        colours(ask),
        Prec.high(EditorView.domEventHandlers({ keydown })),
        EditorView.updateListener.of((update) => {
          const typed = update.transactions.some((change) => change.docChanged && !change.annotation(fromPage));
          if (typed) ask("type", { text: update.state.doc.toString() });
        }),
        look,
      ],
    }),
  });
  /** What serves whoever writes, once it is here; whether it is on its way; and what it has to say is wrong. */
  let [writing, comes, wrong] = [null, false, []];
  const serve = async () => {
    if (comes) return;
    comes = true;
    // The page may need something for it, too.
    ask("near");
    const come = await import("./writing.js").catch(() => null);
    if (!come) {
      // The next time that somebody comes near, it is tried again.
      comes = false;
      ask("bare");
    } else if (!closed) {
      writing = come;
      view.dispatch({ effects: StateEffect.appendConfig.of(writing.serving(ask)) });
      writing.mark(view, wrong);
      catchUp();
    }
  };
  /** Whether the page can say what words mean. */
  let reads = false;
  /** Keys that ask for something, and where the pointer is: from before there was an answer. */
  let early = [];
  const near = (event) => {
    if (writing && reads) return;
    serve();
    const { type } = event;
    if (type === "focusin" || (type === "keydown" && !asks(event))) return;
    if (type === "keydown") {
      event.preventDefault();
      event.stopPropagation();
    }
    early = [...early.filter((other) => other.type !== "mousemove"), event];
  };
  const catchUp = () => {
    if (!writing || !reads) return;
    for (const event of early.splice(0)) event.target.dispatchEvent(new event.constructor(event.type, event));
  };
  for (const type of ["focusin", "mousemove", "keydown"]) view.dom.addEventListener(type, near, true);
  let active = "";
  return {
    /** The text as it is now, and what is known of it: `wrong`, `active`, `ahead`, `verdicts`, and whether it can be asked about. */
    update(text, known) {
      const marks = JSON.parse(known);
      const changes = difference(view.state.doc.toString(), text);
      const effects = setLineMarks.of(marks);
      if (changes) {
        const end = changes.from + changes.insert.length;
        const selection = steps ? { anchor: end } : undefined;
        view.dispatch({ changes, effects, selection, scrollIntoView: steps, annotations: fromPage.of(true) });
        writing?.rest(view);
      } else {
        view.dispatch({ effects });
      }
      steps = false;
      wrong = marks.wrong;
      if (wrong.length) serve();
      writing?.mark(view, wrong);
      ({ reads } = marks);
      catchUp();
      if (active !== marks.active.join()) {
        active = marks.active.join();
        if (!view.hasFocus) reveal(view, marks.active[0]);
      }
    },
    /** The caret goes where the next change of the page is. */
    follow() {
      steps = true;
    },
    /** Takes over from a field: its selection, how far it was scrolled, and the keyboard where it had it. */
    takeOver(from, to, focused) {
      const end = view.state.doc.length;
      view.dispatch({ selection: { anchor: Math.min(from, end), head: Math.min(to, end) }, scrollIntoView: focused });
      if (focused) view.focus();
    },
    close() {
      closed = true;
      view.destroy();
    },
  };
}

/** Whether a key asks for what serves whoever writes: for words, for help, for a search, for what is wrong. */
function asks({ key, ctrlKey, metaKey }) {
  return key === "F8" || ((ctrlKey || metaKey) && [" ", "i", "f"].includes(key.toLowerCase()));
}

/** The smallest change that makes one text of another, or null. */
function difference(old, text) {
  if (old === text) return null;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < most - start && old.charCodeAt(old.length - 1 - end) === text.charCodeAt(text.length - 1 - end)) end += 1;
  return { from: start, to: old.length - end, insert: text.slice(start, text.length - end) };
}

/** Brings a line into the window of the text. The page around it stays where it is. */
function reveal(view, number) {
  if (!number || number > view.state.doc.lines) return;
  const { top, bottom } = view.lineBlockAt(view.state.doc.line(number).from);
  const { scrollDOM } = view;
  const last = scrollDOM.scrollTop + scrollDOM.clientHeight;
  if (top < scrollDOM.scrollTop) scrollDOM.scrollTop = top;
  else if (bottom > last) scrollDOM.scrollTop += bottom - last;
}
