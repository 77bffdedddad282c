/**
 * From places of the linter to characters in the fields.
 *
 * @module
 */
import { utf16Offsets, type Fix, type Place, type Span } from "mtasts/bytes";

import { lines, type Field, type Input } from "./input.ts";

/** Characters in a field, in UTF-16 units. */
export interface Range {
  readonly field: Field;
  readonly from: number;
  readonly to: number;
}

/** The fields that places are in. */
const PARTS: Partial<Record<Place["part"], Field>> = {
  txt: "txt",
  policy: "policy",
  http: "http",
  certificate: "http",
  mx: "mx",
  tlsrpt: "tlsrpt",
};

/** Where places are in the fields; `null` where a place is in none. */
export function ranges(input: Input, places: readonly { place: Place; span: Span | null }[]): (Range | null)[] {
  const texts = places.map(({ place }) => textAt(input, place));
  const found = new Array<Range | null>(places.length).fill(null);
  // Places in the same text are found together: it may be long, and they may be many.
  for (const key of new Set(texts.map((text) => text && keyOf(text)))) {
    const indices = texts.flatMap((text, index) => (text && keyOf(text) === key ? [index] : []));
    const [first = -1] = indices;
    const text = texts[first];
    if (!text) continue;
    const spans = indices.map((index) => places[index]?.span ?? null);
    const offsets = utf16Offsets(text.text, spans.flatMap((span) => (span ? [span.start, span.end] : [])));
    let next = 0;
    spans.forEach((span, at) => {
      const [from, to] = span ? [offsets[next++] ?? 0, offsets[next++] ?? 0] : [0, text.text.length];
      found[indices[at] ?? -1] = { field: text.field, from: text.start + from, to: text.start + to };
    });
  }
  return found;
}

/** The text of a field after a fix. `null` if it cannot be made there. */
export function mended(input: Input, fix: Fix): { field: Field; text: string } | null {
  const places = ranges(input, fix.edits.map(({ span }) => ({ place: fix.place, span })));
  const [first] = places;
  if (!first) return null;
  const whole = input[first.field];
  let text = "";
  let at = 0;
  fix.edits.forEach(({ replacement }, index) => {
    const place = places[index];
    if (!place) return;
    text += whole.slice(at, place.from) + replacement;
    at = place.to;
  });
  return { field: first.field, text: text + whole.slice(at) };
}

interface Text {
  readonly field: Field;
  readonly text: string;
  readonly start: number;
}

function keyOf({ field, start }: Text): string {
  return `${field} ${start}`;
}

function textAt(input: Input, { part, index }: Place): Text | null {
  const field = PARTS[part];
  if (field === undefined) return null;
  const whole = input[field].toWellFormed();
  if (index === null) return { field, text: whole, start: 0 };
  const line = lines(whole)[index];
  return line ? { field, ...line } : null;
}
