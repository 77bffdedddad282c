/**
 * The editor in the page's colours, which it inherits as custom properties.
 *
 * @module
 */
import { EditorView } from "@codemirror/view";

const wavy = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(${colour}) 1.5px`,
  textUnderlineOffset: "3px",
  textDecorationSkipInk: "none",
});

export const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "transparent", fontSize: "var(--mono-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", maxHeight: "24rem" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.55rem 0" },
  ".cm-line": { padding: "0 0.7rem 0 0.35rem" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-placeholder": { color: "var(--faint)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-gutter-lint": { width: "1.1rem" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0.3rem 0.1rem" },
  ".cm-lint-marker": { width: "0.75rem", height: "0.75rem", borderRadius: "50%", content: "none" },
  ".cm-lint-marker-error": { backgroundColor: "var(--error)", borderRadius: "2px" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--warning)", clipPath: "polygon(50% 0, 100% 100%, 0 100%)", borderRadius: "0" },
  ".cm-lint-marker-info": { backgroundColor: "var(--info)" },
  ".cm-lintRange": { paddingBottom: "0" },
  ".cm-lintRange-error": wavy("--error"),
  ".cm-lintRange-warning": wavy("--warning"),
  ".cm-lintRange-info": wavy("--info"),
  ".cm-lintRange-active": { backgroundColor: "var(--highlight)" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--error)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--warning)" },
  ".cm-lintPoint-info:after": { borderBottomColor: "var(--info)" },
  ".cm-specialChar": { color: "var(--error)" },
  ".cm-tooltip": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    boxShadow: "0 6px 24px rgb(0 0 0 / 0.18)",
    fontFamily: "var(--sans)",
    fontSize: "0.875rem",
    lineHeight: "1.45",
    maxWidth: "min(30rem, 90vw)",
    overflow: "hidden",
  },
  ".cm-diagnostic": { padding: "0.5rem 0.8rem", whiteSpace: "normal" },
  ".cm-diagnostic p": { margin: "0 0 0.25rem" },
  ".cm-diagnostic code": { fontFamily: "var(--mono)", fontSize: "0.92em" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--info)" },
  ".cm-diagnosticSource": { fontFamily: "var(--mono)", color: "var(--muted)", opacity: "1", fontSize: "0.78rem" },
  ".cm-diagnosticAction": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
    borderRadius: "4px",
    margin: "0.2rem 0.5rem 0.2rem 0",
    padding: "0.15rem 0.6rem",
    font: "inherit",
  },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--raised)", borderColor: "var(--line)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--highlight)" },
});
