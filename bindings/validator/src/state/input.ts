/**
 * What the reader has entered: texts, and what a lookup or a paste knows beside them.
 *
 * @module
 */
import type { HttpFacts, MxFacts, Publication, RecordSet, TxtRecord } from "mtasts/bytes";

import { readResponseText } from "../paste/response.ts";

/** The fields, in the order of the page. `host` is the one to test against the patterns. */
export const FIELDS = ["domain", "txt", "policy", "mx", "tlsrpt", "http", "host"] as const;
export type Field = (typeof FIELDS)[number];

/** The fields that facts are known about beside their text. */
export type Known = Pick<Publication, "txt" | "tlsrpt" | "mx" | "http">;

export type Input = Readonly<Record<Field, string>> & {
  /** What the texts do not say, such as a TTL or a failed query. Goes when the text is edited. */
  readonly known: Known;
};

export const EMPTY: Input = { domain: "", txt: "", policy: "", mx: "", tlsrpt: "", http: "", host: "", known: {} };

/** The input with another text in a field. */
export function edited(input: Input, field: Field, text: string): Input {
  const { [field as keyof Known]: _, ...known } = input.known;
  return { ...input, [field]: text, known };
}

/** The input with what a publication says in place of what was there. */
export function merged(input: Input, publication: Publication): Input {
  const { domain, txt, policy, mx, tlsrpt, http } = publication;
  return {
    domain: domain ?? input.domain,
    txt: txt ? recordLines(txt) : input.txt,
    policy: policy === undefined ? input.policy : textOf(policy),
    mx: mx ? hostLines(mx) : input.mx,
    tlsrpt: tlsrpt ? recordLines(tlsrpt) : input.tlsrpt,
    // DNS tells the addresses of the policy host, and only the host itself tells its header.
    http: http?.status === undefined ? input.http : headerLines(http),
    host: input.host,
    known: {
      ...input.known,
      ...(txt && { txt: asTexts(txt) }),
      ...(tlsrpt && { tlsrpt: asTexts(tlsrpt) }),
      ...(mx && { mx }),
      ...(http && { http: besideHeader(input.known.http, http) }),
    },
  };
}

/** What is known about the domain, for the linter. `domain` is left out unless it is one. */
export function publicationOf(input: Input, domain: string | null): Publication {
  const { known } = input;
  const txt = known.txt ?? pasted(input.txt);
  const tlsrpt = known.tlsrpt ?? pasted(input.tlsrpt);
  const mx = known.mx ?? hosts(input.mx);
  const http = { ...known.http, ...headers(input.http) };
  return {
    ...(domain !== null && { domain }),
    ...(txt && { txt }),
    ...(input.policy !== "" && { policy: input.policy.toWellFormed() }),
    ...(Object.keys(http).length > 0 && { http }),
    ...(mx && { mx }),
    ...(tlsrpt && { tlsrpt }),
  };
}

/** A line of a text that stands for a record or a host. */
export interface Line {
  readonly text: string;
  /** Where it begins in the text, in UTF-16 units. */
  readonly start: number;
}

/** The lines that say something. White space around a record is part of it. */
export function lines(text: string): Line[] {
  return Array.from(text.matchAll(/[^\r\n]+/g), (match) => ({ text: match[0], start: match.index })).filter(
    ({ text }) => text.trim() !== "",
  );
}

function pasted(text: string): RecordSet | null {
  const records = lines(text.toWellFormed()).map((line) => line.text);
  return records.length > 0 ? { records, pasted: true } : null;
}

function hosts(text: string): MxFacts | null {
  const found = lines(text.toWellFormed()).map((line) => {
    const [, preference, host = ""] = /^\s*(?:(\d{1,5})\s+)?(.*?)\s*$/.exec(line.text) ?? [];
    return { host: host.length > 1 ? host.replace(/\.$/, "") : host, ...numbered(preference) };
  });
  return found.length > 0 ? { hosts: found } : null;
}

function numbered(preference: string | undefined): { preference?: number } {
  const number = Number(preference ?? NaN);
  return number <= 65_535 ? { preference: number } : {};
}

function headers(text: string): HttpFacts | null {
  return text.trim() === "" ? null : readResponseText(text.toWellFormed()).http;
}

/** What is known beside the header's text. A host that has answered did not fail. */
function besideHeader(before: HttpFacts | undefined, { status, headers: _, ...facts }: HttpFacts): HttpFacts {
  const { failure, detail, ...lasting } = before ?? {};
  return { ...lasting, ...facts };
}

/** The set with its records as texts, which is what the page shows and what the linter's places count in. */
function asTexts(set: RecordSet): RecordSet {
  if (!set.records) return set;
  return { ...set, records: set.records.map((record) => (isList(record) ? record.map(textOf) : textOf(record))) };
}

function recordLines(set: RecordSet): string {
  return (set.records ?? []).map((record) => (isList(record) ? record.map(textOf).join("") : textOf(record))).join("\n");
}

function hostLines({ hosts = [] }: MxFacts): string {
  return hosts.map(({ host, preference }) => (preference === undefined ? host : `${preference} ${host}`)).join("\n");
}

function headerLines({ status, headers = [] }: HttpFacts): string {
  const first = status === undefined ? [] : [`HTTP ${status}`];
  return [...first, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
}

function isList(record: TxtRecord): record is Exclude<TxtRecord, string | Uint8Array> {
  return Array.isArray(record);
}

function textOf(octets: string | Uint8Array): string {
  return typeof octets === "string" ? octets : new TextDecoder("utf-8", { ignoreBOM: true }).decode(octets);
}
