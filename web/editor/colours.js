// What each word is, for its look: asked of the page for the lines in view.
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

/** As the page numbers them. */
const CLASSES = ["kw", "num", "txt", "sign", "com", "name"].map((name) => Decoration.mark({ class: name }));
/** A line that is longer is left as it is: nobody reads it. */
const LONGEST = 2_000;

function coloured(ask, view) {
  const builder = new RangeSetBuilder();
  let done = -1;
  for (const { from, to } of view.visibleRanges) {
    for (let place = from; place <= to; ) {
      const line = view.state.doc.lineAt(place);
      if (line.from > done && line.length <= LONGEST) {
        done = line.from;
        // Three numbers for each word: where it begins and ends, and what it is.
        const words = ask("colours", { text: line.text }) ?? [];
        for (let word = 0; word < words.length; word += 3) {
          builder.add(line.from + words[word], line.from + words[word + 1], CLASSES[words[word + 2]]);
        }
      }
      place = line.to + 1;
    }
  }
  return builder.finish();
}

export const colours = (ask) =>
  ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = coloured(ask, view);
      }

      update(update) {
        if (update.docChanged || update.viewportChanged) this.decorations = coloured(ask, update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
