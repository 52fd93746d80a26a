// What a word means: under the pointer, and by a key at the caret, where it is read aloud as well.
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip } from "@codemirror/view";

const show = StateEffect.define();

/** The help that was asked for by key: it is there until the caret moves. */
const shown = StateField.define({
  create: () => null,
  update(help, change) {
    const asked = change.effects.find((effect) => effect.is(show));
    if (asked) return asked.value;
    return change.docChanged || change.selection ? null : help;
  },
  provide: (field) => showTooltip.from(field),
});

/** Sentences, in which words of the language stand in back-ticks. */
export function paragraphs(sentences, name = "") {
  const dom = document.createElement("div");
  dom.className = name;
  for (const sentence of sentences) {
    const paragraph = dom.appendChild(document.createElement("p"));
    sentence.split("`").forEach((part, place) => {
      if (part) paragraph.appendChild(document.createElement(place % 2 ? "code" : "span")).textContent = part;
    });
  }
  return dom;
}

/** Help for what `ask` knows to explain. */
export function help(ask) {
  const explained = ({ doc }, at) => {
    const found = ask("hover", { text: doc.toString(), at, line: doc.lineAt(at).number });
    if (!found) return null;
    const create = () => ({ dom: paragraphs(found.help, "cm-help") });
    return { pos: found.from, end: found.to, above: true, create, help: found.help };
  };
  const here = ({ state, dispatch }) => {
    const { head } = state.selection.main;
    // Behind a word, it is that word.
    const found = explained(state, head) ?? (head > 0 ? explained(state, head - 1) : null);
    const said = found ? found.help.join(" ").replaceAll("`", "") : "There is no help for what stands here.";
    dispatch(state.update({ effects: [show.of(found), EditorView.announce.of(said)] }));
    return true;
  };
  const close = ({ state, dispatch }) => {
    if (!state.field(shown)) return false;
    dispatch(state.update({ effects: show.of(null) }));
    return true;
  };
  return [
    shown,
    hoverTooltip((view, at) => explained(view.state, at), { hoverTime: 250 }),
    keymap.of([{ key: "Mod-i", run: here, preventDefault: true }, { key: "Escape", run: close }]),
  ];
}
