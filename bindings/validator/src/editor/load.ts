/**
 * Loads the editor's script.
 *
 * @module
 */
import { signal } from "@preact/signals";

import { loadScript } from "../script.ts";
import type { EditorModule } from "./types.ts";

declare global {
  /** What the editor's script exports, once it is loaded. */
  var mtasts_editor: EditorModule | undefined;
}

/** The editor, once it is loaded. Until then, and where it cannot be, fields are plain ones. */
export const editorModule = signal<EditorModule | null>(null);

let loading: Promise<void> | undefined;

export function loadEditor(): void {
  loading ??= loadScript("editor.js").then(
    () => {
      editorModule.value = globalThis.mtasts_editor ?? null;
    },
    () => {
      // The next field that is used tries again.
      loading = undefined;
    },
  );
}
