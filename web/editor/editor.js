// The editor of scenarios: CodeMirror, told by the page what a scenario is.
//
// The page keeps the text and everything that is known of it; this file knows no word of the language. `page` is a function of
// the page: it takes a question, an object whose `ask` says what is wanted, and gives an answer in JSON. Places are counted in
// UTF-16, as JavaScript counts them. Whatever the page says is text: nothing of it is ever read as HTML.
//
// Here is what a text is shown and changed with. What serves whoever writes (`writing.js`) is fetched when somebody comes near,
// and shares this file's own parts of CodeMirror.
import { Annotation, EditorState, Prec, StateEffect } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers, tooltips } from "@codemirror/view";
import { colours } from "./colours.js";
import { look } from "./look.js";
import { lineMarks, setLineMarks } from "./marks.js";

/** On changes that come from the page, and that it knows already. */
const fromPage = Annotation.define();

/** Puts an editor into an element. `labels` holds the attributes of the field; `address` is where what serves whoever writes is. */
export function open(parent, page, labels, address) {
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
  /** What serves whoever writes, once it is here; whether it is on its way, or could not come; and what is wrong with the text. */
  let [writing, comes, fails, wrong] = [null, false, false, []];
  const serve = async () => {
    if (comes) return;
    comes = true;
    // The page may need something for it, too.
    ask("near");
    // A function of `index.html`, which knows how to try again.
    writing = await fetchModule([address]).catch(() => null);
    // Whoever comes to the text once more tries again.
    const failed = fails;
    [comes, fails] = [!!writing, !writing];
    if (closed) return;
    if (fails) {
      [pointer, question, early] = [null, null, []];
      ask("bare");
    } else {
      view.dispatch({ effects: StateEffect.appendConfig.of(writing.serving(ask)) });
      writing.mark(view, wrong);
      catchUp();
      if (failed) ask("served");
    }
  };
  /** Whether the page can say what words mean. */
  let reads = false;
  /** From before there was an answer: where the pointer is, a key that asks, and keys from the first on that leads elsewhere. */
  let [pointer, question, early] = [null, null, []];
  const near = (event) => {
    const { type, isTrusted } = event;
    if (!isTrusted || (writing && !early.length && (reads || !isQuestion(event)))) return;
    if (!(fails && type === "mousemove")) serve();
    if (fails) return;
    if (type === "mousemove") pointer = event;
    if (type !== "keydown") return;
    if (early.length || leads(event)) early.push(event);
    else if (isQuestion(event)) question = event;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  let catches = false;
  const catchUp = async () => {
    if (writing && reads) {
      for (const event of [pointer, question]) if (event) again(event);
      [pointer, question] = [null, null];
    }
    if (!writing || catches) return;
    catches = true;
    while (early.length) {
      again(early[0]);
      // What a key opens has the keyboard a moment later. What is typed meanwhile comes behind.
      if (!isLetter(early[0])) await new Promise((done) => setTimeout(done, 40));
      early.shift();
    }
    catches = false;
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

/** Whether the page has to answer: what could stand here, what this means. */
const isQuestion = ({ type, key, ctrlKey, metaKey }) =>
  type === "mousemove" || ((ctrlKey || metaKey) && [" ", "i"].includes(key?.toLowerCase()));
/** Whether a key leads elsewhere: to the search, to what is wrong. */
const leads = ({ key, ctrlKey, metaKey }) => key === "F8" || ((ctrlKey || metaKey) && key.toLowerCase() === "f");
const isLetter = ({ type, key, ctrlKey, metaKey, altKey }) =>
  type === "keydown" && key.length === 1 && !ctrlKey && !metaKey && !altKey;

/** Does once more what a key or the pointer did. A letter goes where the keyboard is by now. */
function again(event) {
  const target = isLetter(event) ? document.activeElement : event.target;
  if (isLetter(event)) document.execCommand("insertText", false, event.key);
  target.dispatchEvent(new event.constructor(isLetter(event) ? "keyup" : event.type, event));
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
