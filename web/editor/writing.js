// What serves whoever writes: words that could stand at the caret, help, what is wrong and ways out, search, and keys. It comes when
// somebody comes near the text: who only reads it has no need of it.
import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { keymap } from "@codemirror/view";
import { help, paragraphs } from "./help.js";

/** For an editor that asks the page through `ask`. */
export const serving = (ask) => [
  autocompletion({ override: [(context) => words(ask, context)], icons: false, closeOnBlur: true }),
  help(ask),
  search({ top: true }),
  // Tab is not among them: it leads out of the field, as everywhere in the page.
  keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...defaultKeymap]),
];

/** Marks what is wrong, anew. */
export function mark(view, wrong) {
  view.dispatch(setDiagnostics(view.state, wrong.map((wrong) => diagnostic(view.state, wrong))));
}

/** The page has changed the text: nobody is typing a word. */
export const rest = closeCompletion;

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
