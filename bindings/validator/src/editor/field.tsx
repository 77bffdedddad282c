/**
 * A field for records, a policy or a header: a plain one, and the editor as soon as that is loaded.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { readFile } from "../paste/file.ts";
import { MAX_TEXT, recognise, tooLarge } from "../paste/recognise.ts";
import type { Field as Name } from "../state/input.ts";
import { input, notice, refusals, refuse, setField, take } from "../state/state.ts";
import { editorModule, loadEditor } from "./load.ts";
import type { Editor, Mark, Selection } from "./types.ts";

interface Properties {
  readonly name: Name;
  readonly label: string;
  /** What belongs here. */
  readonly hint: string;
  /** Shown while the field is empty. */
  readonly example: string;
  readonly rows: number;
  readonly marks: readonly Mark[];
  /** What is known beside the text. */
  readonly children?: ComponentChildren;
}

/** What can be done with a field from elsewhere on the page. */
interface Place {
  select(from: number, to: number): void;
}
const places = new Map<Name, Place>();

/** Leads the reader to characters of a field. */
export function show(field: Name, from: number, to: number): void {
  places.get(field)?.select(from, to);
}

export function Field({ name, label, hint, example, rows, marks, children }: Properties) {
  const text = input.value[name];
  const refusal = refusals.value[name];
  const plain = useRef<HTMLTextAreaElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const module = editorModule.value;
  const [isComposing, compose] = useState(false);
  // Somebody who writes with an input method must not lose the field under it.
  const isRich = module !== null && (editor.current !== null || !isComposing);
  const before = useRef<Selection & { isFocused: boolean }>({ from: 0, to: 0, isFocused: false });
  const field = plain.current;
  if (field) {
    const isFocused = document.activeElement === field;
    before.current = { from: field.selectionStart, to: field.selectionEnd, isFocused };
  }

  useLayoutEffect(() => {
    if (!isRich || !host.current || !module) return;
    const { length } = input.peek()[name];
    const { from, to, isFocused } = before.current;
    const made = module.mount(host.current, {
      label,
      hint: example,
      isPolicy: name === "policy",
      text: input.peek()[name],
      selection: { from: Math.min(from, length), to: Math.min(to, length) },
      maxLength: MAX_TEXT,
      onText: (text) => setField(name, text),
      onRefuse: (length) => refuse(name, tooLarge(length)),
    });
    editor.current = made;
    if (isFocused) made.focus();
    return () => {
      editor.current = null;
      made.destroy();
    };
  }, [isRich, module]);
  const isFilled = text !== "";
  useEffect(() => {
    if (isFilled) loadEditor();
  }, [isFilled]);
  // The reader may have typed on since this was drawn.
  useEffect(() => editor.current?.setText(input.peek()[name]), [text]);
  useEffect(() => editor.current?.setMarks(marks), [marks, isRich]);
  useEffect(() => {
    places.set(name, {
      select(from, to) {
        if (editor.current) return editor.current.select(from, to);
        plain.current?.focus();
        plain.current?.setSelectionRange(from, to);
      },
    });
    return () => void places.delete(name);
  }, [name]);

  return (
    <div class="field" onPasteCapture={(event) => paste(event, name)} onDropCapture={(event) => drop(event, name)} onFocusIn={loadEditor}>
      <div class="field-head">
        <label for={isRich ? undefined : `field-${name}`} onClick={() => editor.current?.focus()}>
          {label}
        </label>
        <span id={`hint-${name}`} class="hint">
          {hint}
        </span>
      </div>
      {isRich ? (
        <div class="input editor" ref={host} />
      ) : (
        <textarea
          id={`field-${name}`}
          class="input"
          ref={plain}
          rows={rows}
          value={text}
          placeholder={example}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-describedby={`hint-${name}`}
          aria-invalid={marks.some(({ severity }) => severity === "error")}
          onCompositionStart={() => compose(true)}
          onCompositionEnd={() => compose(false)}
          onInput={({ currentTarget: field }) => {
            // What was refused must not stand there as if it had been taken.
            if (!setField(name, field.value)) field.value = input.peek()[name];
          }}
        />
      )}
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      {children}
    </div>
  );
}

/** A paste that says more than belongs into the field is spread over the fields. */
function paste(event: ClipboardEvent, name: Name): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.length > MAX_TEXT) {
    stop(event);
    return refuse(name, tooLarge(text.length));
  }
  const found = recognise(text);
  if (found.is !== "read") return;
  const { domain: _, ...parts } = found.publication;
  if (Object.keys(parts).every((part) => part === name)) return;
  stop(event);
  take(found.publication);
  notice.value = [found.summary, ...found.notes].join(" ");
}

function drop(event: DragEvent, name: Name): void {
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  stop(event);
  void takeFile(file, name);
}

/** Files may be dropped anywhere: else the browser would leave the page to show them. */
export function startTakingFiles(): void {
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => drop(event, "policy"));
}

/** Takes what a file says; text that says nothing of itself goes into the field. */
async function takeFile(file: File, name: Name): Promise<void> {
  const read = await readFile(file);
  if (read.is === "refused") return refuse(name, read.message);
  const found = recognise(read.text);
  if (found.is === "read") take(found.publication);
  else if (!setField(name, read.text)) return;
  const said = found.is === "read" ? [found.summary, ...found.notes] : [`Read ${file.name}.`];
  notice.value = [...said, ...(read.note === null ? [] : [read.note])].join(" ");
}

function stop(event: globalThis.Event): void {
  event.preventDefault();
  event.stopPropagation();
}
