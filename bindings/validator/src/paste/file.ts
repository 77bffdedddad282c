/**
 * Files that are dropped onto the page or chosen.
 *
 * @module
 */
import { BINARY, MAX_TEXT, tooLarge } from "./recognise.ts";

/** The text of a file, or why there is none. */
export type FileText =
  | { readonly is: "text"; readonly text: string; readonly note: string | null }
  | { readonly is: "refused"; readonly message: string };

/** Reads a file as text. Its size is looked at first, so that a large one is never loaded. */
export async function readFile(file: Blob): Promise<FileText> {
  if (file.size > MAX_TEXT) return { is: "refused", message: tooLarge(file.size) };
  return textOf(new Uint8Array(await file.arrayBuffer()));
}

/** Octets as text. A byte order mark stays, since senders stumble over it. */
export function textOf(octets: Uint8Array): FileText {
  const utf16 = utf16Encoding(octets);
  if (utf16 !== null) {
    const text = new TextDecoder(utf16).decode(octets);
    const note = "The file is encoded in UTF-16, and senders read UTF-8: save it as UTF-8.";
    return text.includes("\0") ? { is: "refused", message: BINARY } : { is: "text", text, note };
  }
  if (octets.includes(0)) return { is: "refused", message: BINARY };
  try {
    return { is: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets), note: null };
  } catch {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(octets);
    // Text in another encoding has some such octets; other files have many.
    const wrong = text.split("\uFFFD").length - 1;
    if (wrong > text.length / 10) return { is: "refused", message: BINARY };
    const note = "The file is not UTF-8. Each octet that could not be read is shown as \uFFFD.";
    return { is: "text", text, note };
  }
}

function utf16Encoding(octets: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (octets[0] === 0xff && octets[1] === 0xfe) return "utf-16le";
  return octets[0] === 0xfe && octets[1] === 0xff ? "utf-16be" : null;
}
