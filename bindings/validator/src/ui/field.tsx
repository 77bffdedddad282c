/**
 * A labelled field that can say what is wrong with what is in it.
 *
 * @module
 */
import { useEffect, useId, useRef } from "preact/hooks";

import { Words } from "./words.tsx";

interface Properties {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly placeholder?: string;
  /** What the reader should know beforehand. */
  readonly hint?: string;
  /** What is wrong with the value. */
  readonly error?: string | null;
  /** Whether the reader is led to an error when it comes up, as after a button was pressed. */
  readonly isLedTo?: boolean;
  /** How many lines there are to see, for a text of several. */
  readonly rows?: number;
}

export function TextField(properties: Properties) {
  const { label, value, onInput, placeholder, hint, error = null, isLedTo = false, rows } = properties;
  const id = useId();
  const control = useRef<(HTMLInputElement & HTMLTextAreaElement) | null>(null);
  useEffect(() => {
    if (error !== null && isLedTo) control.current?.focus();
  }, [error, isLedTo]);
  const described = [hint && `${id}-hint`, error !== null && `${id}-error`].filter(Boolean).join(" ");
  const attributes = {
    id,
    ref: control,
    value,
    placeholder,
    spellcheck: false,
    autocapitalize: "none" as const,
    autocomplete: "off",
    "aria-invalid": error !== null,
    "aria-describedby": described || undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows === undefined ? <input type="text" inputMode="url" {...attributes} /> : <textarea rows={rows} {...attributes} />}
      {hint && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
      {error !== null && (
        <p id={`${id}-error`} class="field-error">
          <Words text={error} />
        </p>
      )}
    </div>
  );
}
