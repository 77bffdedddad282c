/**
 * The editor: a script of its own, loaded when somebody begins to use a field.
 *
 * It stands in a shadow root, since there CodeMirror adopts its styles instead of writing a style element,
 * which the page's Content-Security-Policy forbids.
 *
 * @module
 */
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorSelection, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";

import { theme } from "./theme.ts";
import type { Editor, EditorOptions, Mark } from "./types.ts";

/** Puts an editor into an element. */
export function mount(parent: HTMLElement, options: EditorOptions): Editor {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      selection: EditorSelection.single(options.selection.from, options.selection.to),
      extensions: extensions(options),
    }),
  });
  return {
    setText(text) {
      const changes = difference(view.state.doc.toString(), text);
      // What the page changes is undone by itself, not with what was typed just before or after.
      if (changes) view.dispatch({ changes, annotations: isolateHistory.of("full") });
    },
    setMarks(marks) {
      const { length } = view.state.doc;
      const diagnostics = marks.map((mark) => diagnostic(mark, length)).sort((a, b) => a.from - b.from);
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    select(from, to) {
      const { length } = view.state.doc;
      const selection = EditorSelection.single(Math.min(from, length), Math.min(to, length));
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.main, { y: "center" }) });
      view.focus();
    },
    focus() {
      view.focus();
    },
    destroy() {
      view.destroy();
    },
  };
}

function extensions({ label, hint, isPolicy, maxLength, onText, onRefuse }: EditorOptions): Extension[] {
  return [
    // Line ends are part of a policy, so they are kept as they are.
    EditorState.lineSeparator.of("\n"),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
    ...(isPolicy ? [lineNumbers()] : []),
    lintGutter(),
    history(),
    highlightSpecialChars({ specialChars: /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc]/g }),
    EditorView.lineWrapping,
    placeholder(hint),
    // Tab is left alone: it leads on to the next control.
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    EditorState.transactionFilter.of((transaction) => {
      if (!transaction.docChanged || transaction.newDoc.length <= maxLength) return transaction;
      onRefuse(transaction.newDoc.length);
      return [];
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onText(update.state.doc.toString());
    }),
    theme,
  ];
}

function diagnostic({ from, to, severity, message, help, code, fixes }: Mark, length: number): Diagnostic {
  return {
    from: Math.min(from, length),
    to: Math.min(to, length),
    severity,
    message,
    source: code,
    renderMessage: () => {
      const text = document.createElement("div");
      text.append(paragraph(message), ...(help === null ? [] : [paragraph(help)]));
      return text;
    },
    actions: fixes.map(({ label, apply }) => ({ name: label, apply })),
  };
}

/** A text in which code stands between backticks. */
function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  text.split("`").forEach((part, index) => {
    const piece = document.createElement(index % 2 === 1 ? "code" : "span");
    piece.textContent = part;
    element.append(piece);
  });
  return element;
}

/** The least change that makes one text of the other, so that the cursor stays where it is. */
function difference(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
