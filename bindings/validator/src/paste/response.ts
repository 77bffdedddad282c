/**
 * What `curl -si`, `curl -sI` and `curl -v` show of the policy host's answer.
 *
 * @module
 */
import type { HttpFacts } from "mtasts/bytes";

/** An HTTP response in a text. */
export interface TextResponse {
  readonly http: HttpFacts;
  /** The body as it is; `null` where the text has only the header, or senders would not read it. */
  readonly body: string | null;
  /** What is worth knowing about how it was read. */
  readonly notes: readonly string[];
}

const STATUS_LINE = /^(?:< ?)?\s{0,4}HTTP(?:\/\d(?:\.\d)?)? (\d{3})(?: .*)?$/;

/** Whether a response begins with this line. */
export function isStatusLine(line: string): boolean {
  return STATUS_LINE.test(line.trimEnd());
}

/** The response in a text that begins with a status line. */
export function readResponseText(text: string): TextResponse {
  const notes: string[] = [];
  const rest = new Lines(/^< ?HTTP\b/m.test(text) ? withoutTrace(text) : text);
  let head = readHead(rest);
  // Interim responses, and what a proxy says about its tunnel.
  while (isInterim(head) && isStatusLine(rest.peek() ?? "")) head = readHead(rest);
  const { status, headers } = head;
  const http: HttpFacts = { status, headers };
  const isFollowed = isStatusLine(rest.peek() ?? "");
  if (isFollowed) {
    notes.push("curl followed a redirect. Senders do not, so the first response is the one that counts.");
  }
  if (isFollowed || status !== 200) return { http, body: null, notes };
  const body = rest.remainder();
  return { http, body: head.isComplete && body !== "" ? body : null, notes };
}

interface Head {
  readonly status: number;
  readonly reason: string;
  readonly headers: (readonly [string, string])[];
  /** Whether the empty line at the end is there. */
  readonly isComplete: boolean;
}

function readHead(lines: Lines): Head {
  const first = lines.next() ?? "";
  const status = Number(STATUS_LINE.exec(first)?.[1] ?? 0);
  const headers: (readonly [string, string])[] = [];
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.trim() === "") return { status, reason: first, headers, isComplete: true };
    const colon = line.indexOf(":");
    if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return { status, reason: first, headers, isComplete: false };
}

function isInterim({ status, reason }: Head): boolean {
  return (status >= 100 && status < 200) || /connection established/i.test(reason);
}

/** The response without what `curl -v` says beside it. */
function withoutTrace(text: string): string {
  const lines = text.split(/(?<=\n)/).filter((line) => !/^(?:[*>]|[{}] \[)/.test(line));
  return lines.map((line) => line.replace(/^< ?/, "")).join("");
}

/** A text line by line, with what remains of it as it is. */
class Lines {
  #at = 0;

  constructor(readonly text: string) {}

  next(): string | null {
    if (this.#at >= this.text.length) return null;
    const [line, end] = this.#line();
    this.#at = end;
    return line;
  }

  peek(): string | null {
    return this.#at >= this.text.length ? null : this.#line()[0];
  }

  remainder(): string {
    return this.text.slice(this.#at);
  }

  #line(): [string, number] {
    const found = this.text.indexOf("\n", this.#at);
    const end = found < 0 ? this.text.length : found;
    return [this.text.slice(this.#at, end).replace(/\r$/, ""), end + 1];
  }
}
