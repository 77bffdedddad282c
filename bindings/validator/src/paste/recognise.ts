/**
 * What a pasted text is, and what it says about a domain. Takes what people have at hand: the output
 * of `dig`, `host`, `nslookup` and `curl`, lines of a zone file, record values, MX hosts, a policy, or
 * several of them one after another.
 *
 * @module
 */
import type { Publication } from "mtasts/bytes";

import { readAnswers, type Answers } from "./answers.ts";
import { assemble } from "./assemble.ts";
import { urlHost } from "./command.ts";
import { readResponseText } from "./response.ts";
import { sections } from "./sections.ts";

/** Longest text that is read, in UTF-16 units: policies may have 64 KiB, and transcripts are short. */
export const MAX_TEXT = 262_144;

/** What a text is. */
export type Recognised =
  | {
      readonly is: "read";
      /** What it says about a domain; what it does not say is not there. */
      readonly publication: Publication;
      /** What was found, in a sentence. */
      readonly summary: string;
      /** What the reader should know: what was left aside, and why. */
      readonly notes: readonly string[];
    }
  | {
      readonly is: "refused";
      /** Why nothing was read, and what to do. */
      readonly message: string;
    };

/** Reads a text. */
export function recognise(text: string): Recognised {
  if (text.length > MAX_TEXT) return refused(tooLarge(text.length));
  if (text.includes("\0")) return refused(BINARY);
  if (text.trim() === "") return refused("There is nothing in it.");
  const domain = nameAlone(text.trim());
  if (domain !== null) return read({ domain }, []);

  const answers: Answers[] = [];
  const notes: string[] = [];
  let host: string | null = null;
  const fetched: Publication = {};
  for (const section of sections(text)) {
    host ??= section.host;
    if (section.kind === "answers") {
      answers.push(readAnswers(section.text, section.question));
    } else if (fetched.policy !== undefined || fetched.http !== undefined) {
      notes.push("There is more than one policy in it; the first was taken.");
    } else if (section.kind === "policy") {
      fetched.policy = section.text;
    } else {
      const response = readResponseText(section.text);
      fetched.http = response.http;
      if (response.body !== null) fetched.policy = response.body;
      notes.push(...response.notes);
    }
  }
  const assembled = assemble(answers.flatMap(({ facts }) => facts), host);
  const publication = { ...assembled.publication, ...fetched };
  notes.push(...assembled.notes);
  if (Object.keys(publication).every((part) => part === "domain")) return refused(UNKNOWN);
  const unread = answers.flatMap(({ unread }) => unread);
  const count = unread.length;
  if (count > 0) notes.push(`${count === 1 ? "A line was" : `${count} lines were`} not understood: ${shown(unread[0])}`);
  return read(publication, notes);
}

const UNKNOWN =
  "This is neither a policy nor a record, and no output of dig, host, nslookup or curl. " +
  "Put a record's text into the field that it belongs to.";
/** Why binary files are not read. */
export const BINARY = "This is a binary file, not text.";

/** Why so much is not read. */
export function tooLarge(size: number): string {
  const kibibytes = Math.ceil(size / 1024).toLocaleString("en");
  return `This has ${kibibytes} KiB, and at most 256 KiB are read. A policy may have 64 KiB.`;
}

function refused(message: string): Recognised {
  return { is: "refused", message };
}

function read(publication: Publication, notes: readonly string[]): Recognised {
  return { is: "read", publication, summary: summary(publication), notes };
}

/** The mail domain that a text consists of: a name, an address, or the URL of a policy. */
function nameAlone(text: string): string | null {
  if (/\s/.test(text) || text.length > 2048) return null;
  const host = urlHost(text);
  if (host !== null) return host.replace(/^mta-sts\./, "");
  const name = /^(?:[^@]+@)?((?:[\p{L}\p{N}_-]{1,63}\.)+[\p{L}\p{N}-]{1,63})\.?$/u.exec(text)?.[1];
  return name?.toLowerCase().replace(/^(?:_mta-sts|_smtp\._tls|mta-sts)\./, "") ?? null;
}

function summary({ domain, txt, tlsrpt, mx, http, policy }: Publication): string {
  const parts = [
    txt && records(txt.records?.length ?? 0, "MTA-STS record", txt.failure),
    policy !== undefined && (http ? "the policy with the web server’s header" : "the policy"),
    policy === undefined && http && `the web server’s header (status ${http.status})`,
    mx && records(mx.hosts?.length ?? 0, "MX host", mx.failure),
    tlsrpt && records(tlsrpt.records?.length ?? 0, "TLSRPT record", tlsrpt.failure),
  ].filter((part) => typeof part === "string");
  if (parts.length === 0) return `Read the domain ${domain}.`;
  return `Read ${listed(parts)}${domain === undefined ? "" : ` of ${domain}`}.`;
}

function records(count: number, noun: string, failure: string | undefined): string {
  if (failure !== undefined) return `a failed query for the ${noun}`;
  return count === 1 ? `the ${noun}` : count === 0 ? `that there is no ${noun}` : `${count} ${noun}s`;
}

function listed(parts: readonly string[]): string {
  const [last, ...rest] = [...parts].reverse();
  return rest.length === 0 ? (last ?? "") : `${rest.reverse().join(", ")} and ${last}`;
}

function shown(line = ""): string {
  return line.length > 60 ? `“${line.slice(0, 60)}…”` : `“${line}”`;
}
