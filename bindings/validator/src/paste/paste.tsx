/**
 * Takes what the reader has at hand, and finds out what it is.
 *
 * @module
 */
import type { Publication } from "mtasts/bytes";
import { useId, useRef, useState } from "preact/hooks";

import { readFile } from "./file.ts";
import { recognise } from "./recognise.ts";
import "./paste.css";

/** What became of the last text. */
interface Result {
  readonly isRead: boolean;
  readonly message: string;
  readonly notes: readonly string[];
}

/** `onRead` gets what the text says about a domain; what it does not say is not there. */
export function Paste({ onRead }: { readonly onRead: (publication: Publication) => void }) {
  const id = useId();
  const [text, setText] = useState("");
  const [result, setResult] = useState<Result | null>(null);
  const [isOver, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);

  const read = (pasted: string, note: string | null = null): void => {
    const found = recognise(pasted);
    if (found.is === "refused") {
      setResult({ isRead: false, message: found.message, notes: [] });
      return;
    }
    setText("");
    setResult({ isRead: true, message: found.summary, notes: note === null ? found.notes : [note, ...found.notes] });
    onRead(found.publication);
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const found = await readFile(file);
    if (found.is === "refused") setResult({ isRead: false, message: found.message, notes: [] });
    else read(found.text, found.note);
  };
  return (
    <div
      class="paste"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) void take(file);
        else read(event.dataTransfer?.getData("text/plain") ?? "");
      }}
    >
      <label for={id}>Paste anything, or drop a file</label>
      <textarea
        id={id}
        rows={3}
        spellcheck={false}
        autocapitalize="none"
        autocomplete="off"
        aria-describedby={`${id}-hint`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData?.getData("text/plain") ?? "";
          // With something typed already, the reader is composing.
          if (pasted === "" || text.trim() !== "") return;
          event.preventDefault();
          read(pasted);
        }}
      />
      <p id={`${id}-hint`} class="paste-hint">
        Output of <code>dig</code>, <code>host</code>, <code>nslookup</code> or <code>curl -si</code>, lines of a zone
        file, a record, a policy, or all of them at once. It is sorted into the fields below, and stays in this page.
      </p>
      <p class="paste-actions">
        <button type="button" disabled={text.trim() === ""} onClick={() => read(text)}>
          Read it
        </button>
        <button type="button" onClick={() => chooser.current?.click()}>
          Choose a file …
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </p>
      <div role="status">
        {result && (
          <div class="paste-result" data-read={result.isRead}>
            <p>{result.message}</p>
            {result.notes.map((note) => (
              <p key={note} class="paste-note">
                {note}
              </p>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
