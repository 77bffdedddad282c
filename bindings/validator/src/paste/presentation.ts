/**
 * Records as zone files and `dig` write them (RFC 1035 §5.1), read with the tolerance that a paste
 * needs: an owner, TTL or class may be missing, and nothing throws.
 *
 * @module
 */

/** A resource record of a text. */
export interface TextRecord {
  /** The owner as written; `null` where the line has none, as in the output of `dig +short`. */
  readonly owner: string | null;
  /** In seconds. */
  readonly ttl: number | null;
  /** In upper case. */
  readonly type: string;
  /** The data, word by word. */
  readonly data: readonly Word[];
  /** The data as written. */
  readonly rest: string;
}

/** A word, or a character-string in quotes, with its escapes undone. */
export interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

interface PlacedWord extends Word {
  readonly start: number;
}

const TYPES = new Set(
  "A AAAA CAA CNAME DNAME DNSKEY DS HINFO HTTPS LOC MX NAPTR NS NSEC NSEC3 NSEC3PARAM PTR RRSIG SOA SPF SRV SSHFP SVCB TLSA TXT".split(" "),
);
const CLASS = /^(?:IN|CH|HS)$/i;
const TTL = /^(?:\d{1,10}[smhdw]?){1,5}$/i;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** The record on a line; `null` if there is none. */
export function recordOn(line: string): TextRecord | null {
  const words = placedWords(line);
  // An owner may be called like a type, so the last reading that makes sense counts.
  for (let at = Math.min(3, words.length - 1); at >= 0; at--) {
    const type = words[at];
    if (!type || type.isQuoted || !TYPES.has(type.text.toUpperCase())) continue;
    const head = readHead(words.slice(0, at));
    if (!head) continue;
    const data = words.slice(at + 1);
    const rest = line.slice(data[0]?.start ?? line.length).trim();
    return { ...head, type: type.text.toUpperCase(), data, rest };
  }
  return null;
}

function readHead(words: readonly Word[]): { owner: string | null; ttl: number | null } | null {
  let [owner, ttl]: [string | null, number | null] = [null, null];
  for (const [index, { text, isQuoted }] of words.entries()) {
    if (isQuoted) return null;
    if (CLASS.test(text)) continue;
    if (TTL.test(text)) ttl = seconds(text);
    else if (index === 0) owner = text;
    else return null;
  }
  return { owner, ttl };
}

/** A TTL such as `3600` or `1h30m`, in seconds. */
function seconds(ttl: string): number {
  const parts = ttl.toLowerCase().matchAll(/(\d+)([smhdw]?)/g);
  return Array.from(parts).reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit || "s"] ?? 1), 0);
}

/** The words of a line up to its comment. */
export function words(line: string): Word[] {
  return placedWords(line);
}

function placedWords(line: string): PlacedWord[] {
  const found: PlacedWord[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at] ?? "";
    if (/[\s()]/.test(character)) {
      at++;
    } else if (character === ";") {
      break;
    } else {
      const isQuoted = character === '"';
      const start = at;
      const { text, end } = isQuoted ? until(line, at + 1, /"/) : until(line, at, /[\s();"]/);
      found.push({ text, isQuoted, start });
      at = isQuoted ? end + 1 : end;
    }
  }
  return found;
}

/** The text up to an unescaped character, with escapes undone: `\"`, `\;`, `\195` for an octet. */
function until(line: string, from: number, end: RegExp): { text: string; end: number } {
  let [text, at] = ["", from];
  for (; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === "\\") {
      const octet = /^[0-2]\d\d/.exec(line.slice(at + 1, at + 4))?.[0];
      if (octet !== undefined && Number(octet) < 256) {
        text += String.fromCharCode(Number(octet));
        at += 3;
      } else {
        text += line[++at] ?? "";
      }
    } else if (end.test(character)) {
      break;
    } else {
      text += character;
    }
  }
  return { text: fromOctets(text), end: at };
}

/** Octets that were escaped one by one are those of UTF-8. */
function fromOctets(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const octets = Uint8Array.from(text, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    return text;
  }
}

/**
 * The lines of a text, with those that parentheses hold together joined. Comments stay: `dig` says
 * in them what the answer was.
 */
export function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string[] | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const balance = parentheses(line);
    if (open) {
      open.push(withoutComment(line));
      if (balance < 0) {
        lines.push(open.join(" "));
        open = null;
      }
    } else if (balance > 0) {
      open = [withoutComment(line)];
    } else {
      lines.push(line);
    }
  }
  // Never closed, so they meant nothing.
  if (open) lines.push(...open);
  return lines;
}

function parentheses(line: string): number {
  const bare = withoutComment(line).replace(/"(?:[^"\\]|\\.)*"/g, "");
  return bare.split("(").length - bare.split(")").length;
}

/** The line up to a `;` outside quotes. */
function withoutComment(line: string): string {
  const found = /^(?:[^";\\]|\\.|"(?:[^"\\]|\\.)*"?)*/.exec(line);
  return found?.[0] ?? line;
}
