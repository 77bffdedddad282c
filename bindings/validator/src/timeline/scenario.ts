/**
 * What can happen to a domain that has published a policy.
 *
 * @module
 */
import {
  parsePolicy,
  type DnsFailureCode,
  type Failed,
  type FetchFailureCode,
  type HttpResponse,
  type Octets,
  type Publication,
  type TxtAnswer,
  type TxtRecord,
} from "mtasts/bytes";

import type { World } from "./sender.ts";

/** Something that can happen. */
export type ScenarioId = "new-id" | "host-down" | "removed" | "withdrawn";

/** The scenarios, in the order in which they are offered. */
export const SCENARIOS: readonly { readonly id: ScenarioId; readonly title: string; readonly story: string }[] = [
  { id: "new-id", title: "The id changes", story: "You publish a new policy, and then a new id in the TXT record." },
  { id: "host-down", title: "The policy host is down", story: "The web server stops answering, and comes back after the policy has expired." },
  { id: "removed", title: "Everything is removed", story: "Record and policy disappear from one day to the next, and the policy expires." },
  { id: "withdrawn", title: "The policy is withdrawn", story: "You publish mode none first, and remove everything when no sender needs it any more." },
];

/** A domain that changes. */
export interface Course {
  readonly world: World;
  /** What its owner does, or what befalls it. */
  readonly acts: readonly { readonly at: number; readonly text: string }[];
  /** When a sender that is new would see something else than before. */
  readonly turns: readonly number[];
  /** When a sender mails. */
  readonly mails: readonly number[];
  /** What was not known and had to be taken for granted. */
  readonly assumptions: readonly string[];
}

type Txt = TxtAnswer | Failed<DnsFailureCode>;
type Fetched = HttpResponse | Failed<FetchFailureCode>;
/** What holds from a time on. */
type Steps<T> = readonly (readonly [from: number, value: T])[];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The TTL of records that nobody has looked up. */
const USUAL_TTL = 3600;
/** The id of a record that is not known. */
const SOME_ID = "1";
const NONE_POLICY = "version: STSv1\nmode: none\nmax_age: 86400\n";

/** What happens to a domain that publishes this, from `start` on. */
export function course(publication: Publication, scenario: ScenarioId, start: number): Course {
  const { txt: record, policy, assumptions } = present(publication);
  const domain = publication.domain ?? "example.com";
  const body = "body" in policy ? policy.body : "";
  const maxAge = maxAgeOf(body);
  const ttl = ("ttl" in record ? record.ttl : USUAL_TTL) * 1000;
  // Early in the policy's life, however short that is.
  const soon = Math.min(HOUR, Math.ceil(maxAge / 4));
  const change = start + soon;
  // Resolvers may go on giving the old record for as long.
  const seen = change + ttl;
  const expiry = start + maxAge;
  const spread = (until: number, ...moments: number[]): number[] => mailTimes(start, until, maxAge, moments);
  const made = (
    txt: Steps<Txt>,
    fetched: Steps<Fetched>,
    acts: Course["acts"],
    until: number,
  ): Course => {
    const steps = [...txt, ...fetched].map(([from]) => from).filter((from) => from > start);
    return {
      world: {
        domain,
        txt: (now) => valueAt([[start, record], ...txt], now),
        policy: (now) => valueAt([[start, policy], ...fetched], now),
      },
      acts,
      turns: [...new Set([start, ...steps])].sort((a, b) => a - b),
      mails: spread(until, change, seen, expiry, ...acts.map(({ at }) => at)),
      assumptions,
    };
  };
  const announced = (id: string): Txt => ({ records: [`v=STSv1; id=${id};`], ttl: ttl / 1000 });
  const gone: Txt = { records: [], ttl: ttl / 1000 };
  const down: Fetched = { failure: "fetch-connect" };
  switch (scenario) {
    case "new-id":
      return made(
        [[seen, announced(otherId(record))]],
        [],
        [
          { at: change, text: "You replace the policy, and then the id in the TXT record." },
          { at: seen, text: "The old record’s TTL has passed everywhere: resolvers give the new id." },
        ],
        seen + soon,
      );
    case "host-down": {
      const back = Math.max(expiry, change) + soon;
      return made(
        [],
        [[change, down], [back, policy]],
        [
          { at: change, text: "The policy host stops answering." },
          { at: back, text: "The policy host is back." },
        ],
        back + soon,
      );
    }
    case "removed":
      return made(
        [[seen, gone]],
        [[change, down]],
        [
          { at: change, text: "You remove the TXT record, the policy and its host." },
          { at: seen, text: "The record’s TTL has passed everywhere: resolvers say that there is none." },
        ],
        Math.max(expiry, seen) + soon,
      );
    case "withdrawn": {
      const removal = Math.max(expiry, seen) + soon;
      const none: Fetched = { status: 200, contentType: "text/plain", body: NONE_POLICY };
      return made(
        [[seen, announced(otherId(record))], [removal, gone]],
        [[change, none], [removal, down]],
        [
          { at: change, text: "You publish a policy in mode none, and then a new id." },
          { at: seen, text: "The old record’s TTL has passed everywhere: resolvers give the new id." },
          { at: removal, text: "Every policy from before has expired. You remove record and policy." },
        ],
        removal + DAY + soon,
      );
    }
  }
}

/** What the domain answers now. */
export function present(publication: Publication): { txt: Txt; policy: Fetched; assumptions: string[] } {
  const { txt, policy, http } = publication;
  const assumptions: string[] = [];
  if (!txt) assumptions.push("a valid TXT record");
  if (txt?.ttl === undefined) assumptions.push("a TTL of an hour");
  if (http?.status === undefined) assumptions.push("a web server that serves the policy as it should");
  const records = txt ? (txt.records ?? []).map(joined) : [`v=STSv1; id=${SOME_ID};`];
  const answer: Txt = txt?.failure
    ? { failure: `dns-${txt.failure}` }
    : { records, ttl: txt?.ttl ?? USUAL_TTL };
  const contentType = http?.headers?.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const failure = http?.failure && fetchFailure(http.failure);
  const fetched: Fetched = failure
    ? { failure }
    : {
        status: http?.status ?? 200,
        contentType: http?.headers ? (contentType ?? null) : "text/plain",
        body: policy ?? "",
      };
  return { txt: answer, policy: fetched, assumptions };
}

function fetchFailure(word: string): FetchFailureCode | undefined {
  if (word.startsWith("dns-")) return "fetch-dns";
  // That is judged from the header.
  return word === "media-type" ? undefined : (`fetch-${word}` as FetchFailureCode);
}

function joined(record: TxtRecord): Octets {
  if (typeof record === "string" || ArrayBuffer.isView(record)) return record;
  const encoder = new TextEncoder();
  const octets = record.flatMap((part) => Array.from(typeof part === "string" ? encoder.encode(part) : part));
  return Uint8Array.from(octets);
}

function maxAgeOf(body: Octets): number {
  try {
    return parsePolicy(body).maxAge * 1000;
  } catch {
    return DAY;
  }
}

/** An id that the record does not have. */
function otherId(record: Txt): string {
  const isSome = "records" in record && record.records.some((value) => typeof value === "string" && /\bid=new\b/.test(value));
  return isSome ? "newer" : "new";
}

function valueAt<T>(steps: Steps<T>, now: number): T {
  const value = steps.findLast(([from]) => from <= now) ?? steps[0];
  if (!value) throw new RangeError("a course begins somewhere");
  return value[1];
}

/**
 * When a busy sender mails: often around the moments at which something happens, else a few times a
 * day, so that a policy of a year takes no time to tell.
 */
function mailTimes(start: number, until: number, maxAge: number, moments: readonly number[]): number[] {
  const often = Math.max(MINUTE, Math.min(15 * MINUTE, Math.floor(maxAge / 16)));
  const seldom = Math.max(often, Math.min(6 * HOUR, Math.floor((until - start) / 50)));
  // A little beside the moments, as mail is.
  const aside = Math.floor(often / 3);
  const times = new Set([start]);
  for (let at = start + aside; at <= until; at += seldom) times.add(at);
  for (const moment of moments) {
    for (let step = -4; step <= 4; step++) times.add(moment + step * often + aside);
  }
  return [...times].filter((at) => at >= start && at <= until).sort((a, b) => a - b);
}
