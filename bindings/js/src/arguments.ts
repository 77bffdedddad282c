/**
 * Arguments, checked before they cross to WebAssembly, which would convert or trap instead.
 *
 * @module
 */
import { MtaStsError } from "./error.js";

/** Octets, or a text that stands for its UTF-8. */
export type Octets = string | Uint8Array;

/** Most octets of one argument. Records and policies are far smaller; files may not be. */
const MAX_OCTETS = 16 * 1024 * 1024;
const LONE_SURROGATE = /\p{Surrogate}/u;
const encoder = new TextEncoder();

/** A text that has UTF-8. */
export function text(value: string, what: string): string {
  if (typeof value !== "string") {
    throw refused(`${what} must be a string, not ${kindOf(value)}`);
  }
  if (value.length > MAX_OCTETS) throw tooLarge(what, value.length);
  const lone = LONE_SURROGATE.exec(value);
  if (lone) {
    const unit = lone[0].charCodeAt(0).toString(16).toUpperCase();
    throw new MtaStsError(
      "text-malformed",
      `${what} has a lone surrogate (U+${unit}) at offset ${lone.index}: this is no text`,
    );
  }
  return value;
}

/** Octets of a text or as they are. */
export function octets(value: Octets, what: string): Uint8Array {
  if (typeof value === "string") return encoder.encode(text(value, what));
  if (!isOctets(value)) {
    throw refused(`${what} must be a string or a Uint8Array, not ${kindOf(value)}`);
  }
  if (value.length > MAX_OCTETS) throw tooLarge(what, value.length);
  return value;
}

/** Several octets. */
export function octetsList(values: readonly Octets[], what: string): Uint8Array[] {
  if (!Array.isArray(values)) throw refused(`${what} must be an array, not ${kindOf(values)}`);
  let total = 0;
  return Array.from(values as readonly Octets[], (value, index) => {
    const bytes = octets(value, `${what}[${index}]`);
    // An empty string takes room, too.
    total += bytes.length + 64;
    if (total > MAX_OCTETS) throw tooLarge(what, total);
    return bytes;
  });
}

/** A moment: milliseconds since 1970, as `Date.now()` gives them. */
export function moment(value: number, what: string): number {
  if (typeof value !== "number" || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
    throw refused(
      `${what} must be milliseconds since 1970, as Date.now() gives them, not ${shown(value)}`,
    );
  }
  return Math.floor(value);
}

/** A whole number up to `most`. */
export function whole(value: number, most: number, what: string): number {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw refused(`${what} must be a whole number from 0 to ${most}, not ${shown(value)}`);
  }
  return value;
}

/** A number that names a lookup or request. */
export function id(value: number, what: string): number {
  return whole(value, 0xffff_ffff, what);
}

/** An object that holds arguments by name. */
export function object<T extends object>(value: T, what: string): T {
  if (typeof value !== "object" || value === null) {
    throw refused(`${what} must be an object, not ${kindOf(value)}`);
  }
  return value;
}

/** The error for a value that means nothing. */
export function refused(message: string): MtaStsError {
  return new MtaStsError("argument-invalid", message);
}

function tooLarge(what: string, size: number): MtaStsError {
  const message = `${what} has ${size} octets or more; at most ${MAX_OCTETS} are taken`;
  return new MtaStsError("too-large", message);
}

/** Whether these are octets, of any realm. */
function isOctets(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "undefined" ? "undefined" : `a value of type ${typeof value}`;
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : kindOf(value);
}
