/**
 * What DNS tools say: `dig` in all its forms, zone files, `host`, `nslookup` and `Resolve-DnsName`.
 *
 * @module
 */
import type { DnsFailureWord } from "mtasts/bytes";

import type { Question } from "./command.ts";
import { logicalLines, recordOn, words, type TextRecord, type Word } from "./presentation.ts";

/** Something that a text says about DNS. Names are in lower case and without the root dot. */
export type Fact =
  | { readonly kind: "txt"; readonly owner: string | null; readonly strings: readonly string[]; readonly ttl: number | null }
  | { readonly kind: "mx"; readonly owner: string | null; readonly preference: number | null; readonly host: string }
  | { readonly kind: "cname"; readonly owner: string | null; readonly target: string }
  /** A name alone on its line. */
  | { readonly kind: "name"; readonly name: string }
  /** A question without records: why, or `null` when there are none. */
  | { readonly kind: "none"; readonly question: Question | null; readonly failure: DnsFailureWord | null }
  /** A record of a type that matters to nobody here. */
  | { readonly kind: "other"; readonly type: string };

/** What the lines say, and the lines that say nothing known. */
export interface Answers {
  readonly facts: readonly Fact[];
  readonly unread: readonly string[];
}

/** Reads the output of DNS tools, or lines of a zone file. */
export function readAnswers(text: string, asked: Question | null): Answers {
  const reader = new Reader(asked);
  for (const line of logicalLines(text)) reader.read(line);
  return { facts: reader.facts, unread: reader.unread };
}

/** Whether a line is part of an answer beyond doubt, so that it belongs to no policy. */
export function isAnswerLine(line: string): boolean {
  return /^\s*"/.test(line) || /^\d{1,5}\s+\S+\.$/.test(line.trim()) || recordOn(line)?.owner?.endsWith(".") === true;
}

/** `3(NXDOMAIN)`, `NXDOMAIN`, `SERVFAIL` */
function failureOf(rcode: string): DnsFailureWord | null {
  const word = rcode.toUpperCase();
  if (word.includes("NXDOMAIN") || word.includes("NOERROR")) return null;
  if (word.includes("SERVFAIL")) return "servfail";
  return word.includes("REFUSED") ? "refused" : "failed";
}

/** A name in lower case, without the root dot. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

const HOST_NAME = /^(?=.{1,254}$)(?:[\w*-]{1,63}\.)+[\w-]{1,63}\.?$/u;
/** A value as people copy it from a form, without quotes. */
const BARE_VALUE = /^\s*[“”„]?v\s*=\s*(?:STS|TLS)/i;

class Reader {
  readonly facts: Fact[] = [];
  readonly unread: string[] = [];
  #asked: Question | null;
  #status: string | null = null;
  #isEmpty = false;
  #origin: string | null = null;
  #owner: string | null = null;
  /** The owner of `nslookup`'s `text =`, whose strings are on the next line. */
  #pending: string | null = null;

  constructor(asked: Question | null) {
    this.#asked = asked;
  }

  read(line: string): void {
    const text = line.trim();
    if (text === "" || /^(?:-{2,}\s*)+$/.test(text)) return;
    if (BARE_VALUE.test(text)) this.#txt(this.#askedName("TXT"), [text], null);
    else if (text.startsWith(";")) this.#comment(text);
    else if (text.startsWith("$")) this.#directive(text);
    else if (this.#phrase(text)) return;
    else this.#record(line);
  }

  /** What `dig` says in comments. */
  #comment(text: string): void {
    const status = /\bstatus: ([A-Z]+)/.exec(text);
    const question = /^;([^\s;]+)\s+(?:IN|CH)\s+([A-Z]+)$/i.exec(text);
    const counts = /\bANSWER: (\d+)/.exec(text);
    if (status) this.#status = status[1] ?? null;
    if (counts) this.#isEmpty = counts[1] === "0";
    if (question) {
      this.#asked = { name: plainName(question[1] ?? ""), type: (question[2] ?? "").toUpperCase() };
      if (this.#isEmpty && this.#status !== null) this.#none(this.#asked, failureOf(this.#status));
    } else if (/timed out|no servers could be reached/i.test(text)) {
      this.#none(this.#asked, "timeout");
    }
  }

  #directive(text: string): void {
    const origin = /^\$ORIGIN\s+(\S+)/i.exec(text);
    if (origin?.[1]) this.#origin = plainName(origin[1]);
  }

  /** What `host`, `nslookup` and `Resolve-DnsName` say in words. */
  #phrase(text: string): boolean {
    const of = (pattern: RegExp): string[] | null => pattern.exec(text)?.slice(1) ?? null;
    let found: string[] | null;
    if ((found = of(/^(\S+) descriptive text (".*)$/i))) {
      this.#txt(this.#name(found[0]), strings(words(found[1] ?? "")), null);
    } else if ((found = of(/^(\S+)\s+text =\s*(".*)?$/i))) {
      if (found[1]) this.#txt(this.#name(found[0]), strings(words(found[1])), null);
      else this.#pending = this.#name(found[0]);
    } else if ((found = of(/^(\S+)\s+TXT\s+(\d+)\s+Answer\s+\{(.*)\}$/i))) {
      this.#txt(this.#name(found[0]), [found[2] ?? ""], Number(found[1]));
    } else if ((found = of(/^(\S+)\s+MX\s+\d+\s+Answer\s+(\S+)\s+(\d+)$/i))) {
      this.#mx(this.#name(found[0]), found[2], found[1]);
    } else if ((found = of(/^(\S+) mail is handled by (\d+) (\S+)$/i))) {
      this.#mx(this.#name(found[0]), found[1], found[2]);
    } else if ((found = of(/^(\S+)\s+MX preference = (\d+), mail exchanger = (\S+)$/i))) {
      this.#mx(this.#name(found[0]), found[1], found[2]);
    } else if ((found = of(/^(\S+)\s+mail exchanger = (\d+) (\S+)$/i))) {
      this.#mx(this.#name(found[0]), found[1], found[2]);
    } else if ((found = of(/^(\S+)\s+(?:is an alias for|canonical name =) (\S+)$/i))) {
      this.#cname(this.#name(found[0]), found[1]);
    } else if ((found = of(/^Host (\S+) not found: (\S+)$/i) ?? of(/^\*\* server can't find (\S+): (\S+)$/i))) {
      this.#none(this.#question(found[0]), failureOf(found[1] ?? ""));
    } else if ((found = of(/^(\S+) has no (TXT|MX) record$/i))) {
      this.#none({ name: plainName(found[0] ?? ""), type: (found[1] ?? "").toUpperCase() }, null);
    } else {
      // What `nslookup` and `host` say beside the answer.
      return /^(?:Server|Address|Name|Aliases|Using domain server|Non-authoritative answer|Authoritative answers)\b.*:/i.test(text) ||
        /^Name\s+Type\s+TTL\s+Section/i.test(text);
    }
    return true;
  }

  #record(line: string): void {
    const record = recordOn(line);
    if (record) {
      if (record.owner !== null) this.#owner = this.#name(record.owner);
      this.#typed(record, record.owner === null ? (this.#owner ?? this.#askedName(record.type)) : this.#owner);
      return;
    }
    const all = words(line);
    const [first, second] = all;
    if (first?.isQuoted && all.every((word) => word.isQuoted)) {
      this.#txt(this.#pending ?? this.#askedName("TXT"), strings(all), null);
      this.#pending = null;
    } else if (all.length === 2 && /^\d{1,5}$/.test(first?.text ?? "") && isHost(second?.text)) {
      this.#mx(this.#askedName("MX"), first?.text, second?.text);
    } else if (all.length > 0 && all.every(({ text }) => isHost(text.replace(/,$/, "")))) {
      // An alias before the records, or a list of MX hosts: the rest of the text shows which.
      for (const { text } of all) this.facts.push({ kind: "name", name: this.#name(text.replace(/,$/, "")) ?? "" });
    } else {
      this.unread.push(line.trim());
    }
  }

  #typed({ type, ttl, data, rest }: TextRecord, owner: string | null): void {
    const [first, second] = data;
    if (type === "TXT" && data.length > 0) {
      // Without quotes, a semicolon would begin a comment in a zone file; here it is meant.
      this.#txt(owner, first?.isQuoted ? strings(data.filter((word) => word.isQuoted)) : [rest], ttl);
    } else if (type === "MX" && second && /^\d{1,5}$/.test(first?.text ?? "")) {
      this.#mx(owner, first?.text, second.text);
    } else if (type === "CNAME" && first) {
      this.#cname(owner, first.text);
    } else {
      this.facts.push({ kind: "other", type });
    }
  }

  #txt(owner: string | null, strings: readonly string[], ttl: number | null): void {
    this.facts.push({ kind: "txt", owner, strings, ttl });
  }

  #mx(owner: string | null, preference: string | undefined, host: string | undefined): void {
    if (host === undefined) return;
    const name = host === "." ? "." : this.#name(host);
    this.facts.push({ kind: "mx", owner, preference: preference === undefined ? null : Number(preference), host: name ?? "." });
  }

  #cname(owner: string | null, target: string | undefined): void {
    if (target !== undefined) this.facts.push({ kind: "cname", owner, target: this.#name(target) ?? "" });
  }

  #none(question: Question | null, failure: DnsFailureWord | null): void {
    this.facts.push({ kind: "none", question, failure });
  }

  /** A name made absolute as far as that is known. */
  #name(written: string | undefined): string | null {
    if (written === undefined) return null;
    if (written === "@") return this.#origin;
    const name = plainName(written);
    return this.#origin === null || written.endsWith(".") ? name : `${name}.${this.#origin}`;
  }

  #askedName(type: string): string | null {
    return this.#asked?.type === type ? plainName(this.#asked.name) : null;
  }

  #question(name: string | undefined): Question {
    return { name: plainName(name ?? ""), type: this.#asked?.type ?? "TXT" };
  }
}

function strings(words: readonly Word[]): string[] {
  return words.map(({ text }) => text);
}

function isHost(text: string | undefined): boolean {
  return text === "." || HOST_NAME.test(text ?? "");
}
