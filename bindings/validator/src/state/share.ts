/**
 * The input in the fragment of the page's address, which browsers do not send to servers: a digit for the
 * format, and what was entered in JSON, compressed, in base64url.
 *
 * @module
 */
import { toBase64Url } from "mtasts/bytes";

import { MAX_TEXT } from "../paste/recognise.ts";
import { EMPTY, FIELDS, type Input, type Known } from "./input.ts";

const FORMAT = "1";
/** More than all fields can hold. Few octets can stand for very many. */
const MAX_JSON = 8 * MAX_TEXT;

/** What the fragment holds. */
export interface Shared {
  readonly input: Input;
  /** The view that is open. */
  readonly view: string;
}

/** The fragment for a state, without `#`; empty for an empty page. */
export async function toFragment({ input, view }: Shared): Promise<string> {
  const members = FIELDS.filter((field) => input[field] !== "").map((field) => [field, input[field]]);
  const known = Object.keys(input.known).length > 0 ? [["known", input.known]] : [];
  const entries = [...members, ...known, ...(view === "check" ? [] : [["view", view]])];
  if (entries.length === 0) return "";
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  return FORMAT + toBase64Url(await through(json, new CompressionStream("deflate-raw"), Infinity));
}

/** The state in a fragment; `null` when there is none that can be read. */
export async function fromFragment(fragment: string): Promise<Shared | null> {
  if (!fragment.startsWith(FORMAT)) return null;
  try {
    const octets = fromBase64Url(fragment.slice(FORMAT.length));
    const json = await through(octets, new DecompressionStream("deflate-raw"), MAX_JSON);
    return checked(JSON.parse(new TextDecoder().decode(json)));
  } catch {
    return null;
  }
}

/** Anybody can make a link: only what can come from this page is taken. */
function checked(value: unknown): Shared | null {
  if (typeof value !== "object" || value === null) return null;
  const members = value as Record<string, unknown>;
  const texts = FIELDS.map((field) => {
    const text = members[field];
    return [field, typeof text === "string" && text.length <= MAX_TEXT ? text : ""] as const;
  });
  const { known, view } = members;
  return {
    input: { ...EMPTY, ...Object.fromEntries(texts), known: isRecord(known) ? facts(known) : {} },
    view: typeof view === "string" ? view : "check",
  };
}

/** The linter checks the rest, and says so when a member is not what it should be. */
function facts({ txt, tlsrpt, mx, http }: Record<string, unknown>): Known {
  const hasTexts = ({ records = [] }: Record<string, unknown>): boolean =>
    Array.isArray(records) && records.flat().every((part) => typeof part === "string");
  return {
    ...(isRecord(txt) && hasTexts(txt) && { txt }),
    ...(isRecord(tlsrpt) && hasTexts(tlsrpt) && { tlsrpt }),
    ...(isRecord(mx) && { mx }),
    ...(isRecord(http) && { http }),
  } as Known;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function through(octets: Uint8Array<ArrayBuffer>, transform: GenericTransformStream, most: number): Promise<Uint8Array> {
  const reader = (new Blob([octets]).stream().pipeThrough(transform) as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError("the link holds more than the page does");
    }
    chunks.push(part.value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
