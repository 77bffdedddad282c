/**
 * From what a text says about DNS to what is known about one domain.
 *
 * @module
 */
import type { MxFacts, Publication, RecordSet } from "mtasts/bytes";

import { plainName, type Fact } from "./answers.ts";

/** What DNS says about a domain, and what was left aside. */
export interface Assembled {
  readonly publication: Publication;
  readonly notes: readonly string[];
}

type Kind<K extends Fact["kind"]> = Extract<Fact, { kind: K }>;

const STS = "_mta-sts";
const TLSRPT = "_smtp._tls";

/** Puts facts together. `host` is the policy host, if the text names it. */
export function assemble(facts: readonly Fact[], host: string | null): Assembled {
  const notes: string[] = [];
  const domain = domainOf(facts, host);
  const txt = recordSet(facts, STS, domain, (value) => !isTlsRpt(value));
  const tlsrpt = recordSet(facts, TLSRPT, domain, isTlsRpt);
  const mx = mxFacts(facts, domain, txt !== null || tlsrpt !== null);
  notes.push(...misplaced(facts, domain), ...others(facts));
  return {
    publication: {
      ...(domain !== null && { domain }),
      ...(txt && { txt }),
      ...(tlsrpt && { tlsrpt }),
      ...(mx && { mx }),
    },
    notes,
  };
}

function ofKind<K extends Fact["kind"]>(facts: readonly Fact[], kind: K): Kind<K>[] {
  return facts.filter((fact): fact is Kind<K> => fact.kind === kind);
}

function isTlsRpt(value: string): boolean {
  return /^\W*v\s*=\s*TLS/i.test(value);
}

/** The domain that the text is about: names under which records are asked for say it best. */
function domainOf(facts: readonly Fact[], host: string | null): string | null {
  const targets = new Set(ofKind(facts, "cname").map(({ target }) => target));
  const owners = facts.flatMap((fact) => {
    const name = fact.kind === "none" ? fact.question?.name : "owner" in fact ? fact.owner : null;
    return name !== null && name !== undefined && !targets.has(name) ? [plainName(name)] : [];
  });
  for (const prefix of [STS, TLSRPT]) {
    const owner = owners.find((name) => name.startsWith(`${prefix}.`));
    if (owner !== undefined) return owner.slice(prefix.length + 1);
  }
  if (host?.startsWith("mta-sts.")) return host.slice("mta-sts.".length);
  const mx = facts.find((fact) => (fact.kind === "mx" ? fact.owner : questionFor(fact, "MX")) !== null);
  return (mx?.kind === "mx" ? mx.owner : mx && questionFor(mx, "MX")) ?? null;
}

function questionFor(fact: Fact, type: string): string | null {
  return fact.kind === "none" && fact.question?.type === type ? fact.question.name : null;
}

/** The records of one name, through its aliases; `null` if the text says nothing about it. */
function recordSet(
  facts: readonly Fact[],
  prefix: string,
  domain: string | null,
  isMine: (value: string) => boolean,
): RecordSet | null {
  const chain = aliases(facts, domain === null ? prefix : `${prefix}.${domain}`);
  const names = new Set([prefix, ...chain]);
  const found = ofKind(facts, "txt").filter(({ owner, strings }) =>
    owner === null ? isMine(strings.join("")) : names.has(owner),
  );
  const none = ofKind(facts, "none").find(({ question }) => question?.type === "TXT" && names.has(question.name));
  // In the output of `dig +short`, aliases are names alone on their lines.
  const bare = found.some(({ owner }) => owner === null) ? ofKind(facts, "name").map(({ name }) => name) : [];
  const cname = [...chain.slice(1), ...bare.filter((name) => name.includes(prefix))];
  if (found.length === 0 && !none) return cname.length > 0 ? { records: [], cname } : null;
  const ttls = found.flatMap(({ ttl }) => ttl ?? []);
  return {
    ...(none?.failure && found.length === 0 ? { failure: none.failure } : {}),
    records: found.map(({ strings }) => (strings.length === 1 ? (strings[0] ?? "") : strings)),
    ...(ttls.length > 0 && { ttl: Math.min(...ttls) }),
    ...(cname.length > 0 && { cname }),
  };
}

/** The name and what it is an alias of, in order. */
function aliases(facts: readonly Fact[], name: string): string[] {
  const chain = [name];
  const known = ofKind(facts, "cname");
  for (let next: Kind<"cname"> | undefined; chain.length < 10; ) {
    next = known.find(({ owner }) => owner === chain.at(-1));
    if (!next || chain.includes(next.target)) break;
    chain.push(next.target);
  }
  return chain;
}

function mxFacts(facts: readonly Fact[], domain: string | null, hasTxt: boolean): MxFacts | null {
  const isMine = (owner: string | null): boolean => owner === null || domain === null || owner === domain;
  const records = ofKind(facts, "mx").filter(({ owner }) => isMine(owner));
  const names = hasTxt ? [] : ofKind(facts, "name");
  const hosts = [
    ...records.map(({ host, preference }) => ({ host, ...(preference !== null && { preference }) })),
    ...names.map(({ name }) => ({ host: name })),
  ];
  if (hosts.length > 0) return { hosts };
  const none = ofKind(facts, "none").find((fact) => questionFor(fact, "MX") !== null);
  if (!none) return null;
  return none.failure ? { failure: none.failure } : { hosts: [] };
}

/** Records that stand where no sender looks. */
function misplaced(facts: readonly Fact[], domain: string | null): string[] {
  const targets = new Set(ofKind(facts, "cname").map(({ target }) => target));
  return ofKind(facts, "txt").flatMap(({ owner, strings }) => {
    if (owner === null || targets.has(owner) || [STS, TLSRPT].includes(owner)) return [];
    const value = strings.join("");
    const prefix = /^\W*v\s*=\s*STS/i.test(value) ? STS : isTlsRpt(value) ? TLSRPT : null;
    if (prefix === null) return [];
    if (domain !== null && owner === `${prefix}.${domain}`) return [];
    const place = `${prefix}.${domain ?? "the domain"}`;
    const isForeign = owner.startsWith(`${prefix}.`);
    return [
      isForeign
        ? `The record at ${owner} belongs to another domain and was left aside.`
        : `The record at ${owner} was left aside: senders look at ${place}.`,
    ];
  });
}

function others(facts: readonly Fact[]): string[] {
  const types = [...new Set(ofKind(facts, "other").map(({ type }) => type))];
  return types.length === 0 ? [] : [`Records of other types were left aside: ${types.join(", ")}.`];
}
