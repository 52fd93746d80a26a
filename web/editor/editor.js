// The editor of scenarios: CodeMirror, told by the page what a scenario is.
//
// The page keeps the text and everything that is known of it; this file knows no word of the language. `page` is a function of
// the page: it takes a question, an object whose `ask` says what is wanted, and gives an answer in JSON. Places are counted in
// UTF-16, as JavaScript counts them. Whatever the page says is text: nothing of it is ever read as HTML.
import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { colours } from "./colours.js";
import { help, paragraphs } from "./help.js";
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
        autocompletion({ override: [(context) => words(ask, context)], icons: false, closeOnBlur: true }),
        help(ask),
        search({ top: true }),
        Prec.high(EditorView.domEventHandlers({ keydown })),
        // Tab is not among them: it leads out of the field, as everywhere in the page.
        keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          const typed = update.transactions.some((change) => change.docChanged && !change.annotation(fromPage));
          if (typed) ask("type", { text: update.state.doc.toString() });
        }),
        look,
      ],
    }),
  });
  let active = "";
  return {
    /** The text as it is now, and what is known of it: `wrong`, `active`, `ahead`, `verdicts`. */
    update(text, known) {
      const marks = JSON.parse(known);
      const changes = difference(view.state.doc.toString(), text);
      const effects = setLineMarks.of(marks);
      if (changes) {
        const end = changes.from + changes.insert.length;
        const selection = steps ? { anchor: end } : undefined;
        view.dispatch({ changes, effects, selection, scrollIntoView: steps, annotations: fromPage.of(true) });
        closeCompletion(view);
      } else {
        view.dispatch({ effects });
      }
      steps = false;
      view.dispatch(setDiagnostics(view.state, marks.wrong.map((wrong) => diagnostic(view.state, wrong))));
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

/** What could stand at the caret. While somebody types, only what goes on with a word that is not whole yet. */
function words(ask, context) {
  const answer = ask("complete", { text: context.state.doc.toString(), at: context.pos });
  if (!answer) return null;
  const { from, words } = answer;
  const begun = context.state.sliceDoc(from, context.pos);
  if (!words.length || (!context.explicit && (!begun || words.some(([word]) => word === begun)))) return null;
  const options = words.map(([label, detail]) => ({ label, detail, info: detail ? () => paragraphs([detail]) : undefined }));
  // Their order is the language's.
  return { from, options, filter: false };
}

/** Something that is wrong, with a way out if there is one. */
function diagnostic(state, { from, to, message, help: advice, fix }) {
  const said = advice ? `${message}: ${advice}` : message;
  const end = Math.min(Math.max(to, from), state.doc.length);
  const apply = (view, from, to) => view.dispatch({ changes: { from, to, insert: fix }, userEvent: "input.fix" });
  return {
    from: Math.min(from, end),
    to: end,
    severity: "error",
    message: said,
    renderMessage: () => paragraphs([said]),
    actions: fix ? [{ name: `Use ${fix}`, apply }] : [],
  };
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
