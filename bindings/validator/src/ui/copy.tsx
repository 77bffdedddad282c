/**
 * A button that copies a text.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";

/** How long the button says that it has copied, in milliseconds. */
const SAID = 2000;

interface Properties {
  /** What is copied, for those who do not see it. */
  readonly what: string;
  readonly text: string | (() => Promise<string>);
  readonly children?: string;
}

export function Copy({ what, text, children = "Copy" }: Properties) {
  const [said, say] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => say(""), SAID);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    const content = typeof text === "string" ? text : await text();
    say((await copied(content)) ? "Copied" : "Not allowed here");
  };
  return (
    <button type="button" class="quiet" aria-label={said || `${children}: ${what}`} onClick={() => void copy()}>
      <span aria-live="polite">{said || children}</span>
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** For pages from a disk, and hosts without TLS. */
function copiedBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isDone;
}
