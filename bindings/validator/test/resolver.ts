/**
 * A resolver on loopback that is asked over HTTP (RFC 8484).
 *
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

import { AUTHORITATIVE_ANSWER, decode, encode, type Answer } from "dns-packet";

/** What is answered: records of any name, or a code for a name. What is not here does not exist. */
export interface Zone {
  readonly records: readonly Answer[];
  /** Answer codes for names, such as 2 for SERVFAIL. */
  readonly rcodes?: Readonly<Record<string, number>>;
}

/** A resolver that runs until the test ends. */
export interface Resolver {
  readonly url: string;
  /** The names and types that it was asked for. */
  readonly asked: readonly string[];
}

/** What a resolver does instead of answering. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a resolver that allows pages to ask it. */
export async function startResolver(t: TestContext, zone: Zone, misbehave?: Misbehaviour): Promise<Resolver> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (misbehave) return misbehave(request, response);
    const query = new URL(request.url ?? "", "https://resolver.invalid").searchParams.get("dns") ?? "";
    const message = decode(Buffer.from(query, "base64url"));
    const [question] = message.questions ?? [];
    asked.push(`${question?.name} ${question?.type}`);
    response.setHeader("Content-Type", "application/dns-message");
    response.end(answer(zone, message.id ?? 0, question?.name ?? "", question?.type ?? "TXT"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/dns-query`, asked };
}

function answer({ records, rcodes }: Zone, id: number, name: string, type: string): Buffer {
  const answers: Answer[] = [];
  let owner = name;
  for (let alias: Answer | undefined; ; ) {
    answers.push(...records.filter((record) => record.name === owner && record.type === type));
    alias = records.find((record) => record.name === owner && record.type === "CNAME");
    if (alias?.type !== "CNAME" || typeof alias.data !== "string") break;
    answers.push(alias);
    owner = alias.data;
  }
  const isKnown = records.some((record) => record.name === owner);
  const rcode = rcodes?.[name] ?? (isKnown ? 0 : 3);
  return encode({
    id,
    type: "response",
    flags: AUTHORITATIVE_ANSWER | rcode,
    questions: [{ name, type: type as "TXT" }],
    answers: rcode === 0 ? answers : [],
  });
}

/** A domain that has everything. */
export const EXAMPLE: Zone = {
  records: [
    { name: "_mta-sts.example.com", type: "CNAME", data: "_mta-sts.provider.example", ttl: 600 },
    { name: "_mta-sts.provider.example", type: "TXT", data: ["v=STSv1; ", "id=20261128;"], ttl: 300 },
    { name: "_smtp._tls.example.com", type: "TXT", data: "v=TLSRPTv1; rua=mailto:tls@example.com", ttl: 300 },
    { name: "example.com", type: "MX", data: { preference: 10, exchange: "mx1.example.com" }, ttl: 300 },
    { name: "example.com", type: "MX", data: { preference: 20, exchange: "mx2.example.com" }, ttl: 300 },
    { name: "mx1.example.com", type: "A", data: "192.0.2.25", ttl: 300 },
    { name: "mx2.example.com", type: "CNAME", data: "mx.example.net", ttl: 300 },
    { name: "mx.example.net", type: "AAAA", data: "2001:db8::25", ttl: 300 },
    { name: "mta-sts.example.com", type: "A", data: "192.0.2.80", ttl: 300 },
  ],
};
