/**
 * What the page and the editor's script say to each other.
 *
 * @module
 */
import type { Severity } from "mtasts/bytes";

/** Characters of a text, in UTF-16 units. */
export interface Selection {
  readonly from: number;
  readonly to: number;
}

export interface EditorOptions {
  readonly label: string;
  /** Shown while there is no text. */
  readonly hint: string;
  /** Whether lines are numbered. */
  readonly isPolicy: boolean;
  readonly text: string;
  readonly selection: Selection;
  readonly maxLength: number;
  readonly onText: (text: string) => void;
  /** The text would have become this long. */
  readonly onRefuse: (length: number) => void;
}

/** A finding, where it is in the text. */
export interface Mark extends Selection {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  readonly fixes: readonly { readonly label: string; readonly apply: () => void }[];
}

export interface Editor {
  setText(text: string): void;
  setMarks(marks: readonly Mark[]): void;
  select(from: number, to: number): void;
  focus(): void;
  destroy(): void;
}

/** What the editor's script exports. */
export interface EditorModule {
  mount(parent: HTMLElement, options: EditorOptions): Editor;
}
