/** Run in the page: reads a field with a text, and puts another text into it as a paste does. An editor is a field, too. */
export function fields() {
  const editor = (field) => field.cmTile?.view;
  globalThis.readField = (field) => editor(field)?.state.doc.toString() ?? field.value;
  globalThis.writeField = (field, text) => {
    const view = editor(field);
    if (view) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "input.paste" });
    } else {
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  };
  globalThis.caretOf = (field) => editor(field)?.state.selection.main.head ?? field.selectionStart;
  globalThis.placeCaret = (field, place) => {
    const view = editor(field);
    if (view) view.dispatch({ selection: { anchor: place }, scrollIntoView: true });
    else field.setSelectionRange(place, place);
    field.focus();
  };
}
