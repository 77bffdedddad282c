import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";

import {
  MtaStsError,
  decodeAnswer,
  dohUrl,
  encodeQuery,
  lint,
  lookupDoh,
  publicationOf,
  queryDoh,
  toBase64Url,
} from "mtasts";

const TYPES = { A: 1, MX: 15, TXT: 16, AAAA: 28, TLSA: 52 };

/** A response to a query: its question, and records of these types and data at the same name. */
function response(query, records, { rcode = 0, ttl = 300 } = {}) {
  const end = 12 + query.subarray(12).indexOf(0) + 5;
  const message = [query[0], query[1], 0x81, 0xa0 | rcode, 0, 1, 0, records.length, 0, 0, 0, 0];
  message.push(...query.subarray(12, end));
  for (const [type, data] of records) {
    message.push(0xc0, 12, 0, TYPES[type], 0, 1, 0, 0, ttl >> 8, ttl & 0xff, 0, data.length, ...data);
  }
  return Uint8Array.from(message);
}

const name = (text) => [...text.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
const strings = (...texts) => texts.flatMap((text) => [text.length, ...Buffer.from(text)]);

test("queries are encoded, and answers of each type decoded", () => {
  for (const [type, data, expected] of [
    ["TXT", strings("v=STSv1; ", "id=1;"), Uint8Array.from(Buffer.from("v=STSv1; id=1;"))],
    ["A", [192, 0, 2, 1], "192.0.2.1"],
    ["AAAA", [0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 1], "2001:db8::1"],
    ["MX", [0, 10, ...name("MX.example.com")], { preference: 10, host: "mx.example.com" }],
    ["TLSA", [3, 1, 1, 0xab, 0xcd], { usage: 3, selector: 1, matchingType: 1, data: Uint8Array.of(0xab, 0xcd) }],
  ]) {
    const question = { name: "example.com", type, id: 4711 };
    const query = encodeQuery(question);
    assert.deepEqual([query[0], query[1]], [4711 >> 8, 4711 & 0xff]);
    const answer = decodeAnswer(question, response(query, [[type, data]]));
    assert.deepEqual(answer, {
      rcode: "NOERROR",
      aliases: [],
      records: [expected],
      ttl: 300,
      isTruncated: false,
      isAuthentic: true,
    });
  }
});

test("other answers and malformed ones are told apart", () => {
  const question = { name: "example.com", type: "TXT" };
  const answer = response(encodeQuery(question), [["TXT", strings("a")]]);
  for (const other of [{ ...question, id: 1 }, { ...question, name: "example.net" }, { ...question, type: "A" }]) {
    assert.throws(() => decodeAnswer(other, answer), { code: "dns-answer-foreign" });
  }
  assert.throws(() => decodeAnswer(question, answer.subarray(0, -1)), { code: "dns-answer-malformed" });
  for (const bad of ["a..b", "x".repeat(64), `${"x.".repeat(130)}x`]) {
    assert.throws(() => encodeQuery({ ...question, name: bad }), { code: "dns-name-invalid" }, bad);
  }
  assert.throws(() => encodeQuery({ ...question, type: "SRV" }), { code: "argument-invalid" });
});

test("the URL of a question is the same every time, so that caches work", () => {
  const query = encodeQuery({ name: "example.com", type: "TXT" });
  assert.deepEqual([query[0], query[1]], [0, 0]);
  const url = `https://dns.example/dns-query?dns=${toBase64Url(query)}`;
  assert.equal(dohUrl("https://dns.example/dns-query", query), url);
  assert.equal(dohUrl("https://dns.example/dns-query{?dns}", query), url);
  assert.equal(toBase64Url(Uint8Array.of(0xfb, 0xff, 0xbf, 1)), Buffer.from([0xfb, 0xff, 0xbf, 1]).toString("base64url"));
  assert.throws(() => dohUrl("dns.example", query), { code: "argument-invalid" });
});

/** A resolver on loopback. `answer` makes a message, or takes over. */
async function resolver(t, answer) {
  const server = createServer((request, reply) => {
    const encoded = new URL(request.url, "http://localhost").searchParams.get("dns") ?? "";
    const query = Uint8Array.from(Buffer.from(encoded, "base64url"));
    assert.equal(request.headers.accept, "application/dns-message");
    const message = answer(query, reply);
    if (message) reply.writeHead(200, { "content-type": "application/dns-message" }).end(message);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/dns-query`;
}

const typeOf = (query) => query[12 + query.subarray(12).indexOf(0) + 2];

test("a domain is looked up, and what is found can be checked", async (t) => {
  const provider = await resolver(t, (query) => {
    const text = Buffer.from(query).toString("latin1");
    if (typeOf(query) === TYPES.MX) return response(query, [["MX", [0, 10, ...name("mx.example.com")]]]);
    if (text.includes("_mta-sts")) return response(query, [["TXT", strings("v=STSv1; id=a-b;")]]);
    return response(query, [], { rcode: 2 });
  });
  const lookup = await lookupDoh("Example.com.", { provider });
  assert.equal(lookup.domain, "example.com");
  assert.equal(lookup.txt.answer.records.length, 1);
  assert.equal(lookup.tlsrpt.answer.rcode, "SERVFAIL");
  assert.deepEqual(publicationOf(lookup).mx, { hosts: [{ host: "mx.example.com", preference: 10 }] });
  const { findings } = lint(publicationOf(lookup));
  assert.ok(findings.some(({ code, severity }) => code === "txt-id-character" && severity === "error"));
  await assert.rejects(lookupDoh("192.0.2.1", { provider }), { code: "domain-address" });
});

test("whatever a resolver does instead of answering has its code", async (t) => {
  const question = { name: "example.com", type: "TXT" };
  const refuse = (status, type, body) => (_query, reply) => {
    reply.writeHead(status, { "content-type": type }).end(body);
  };
  for (const [answer, code] of [
    [refuse(503, "text/html", "busy"), "doh-status"],
    [refuse(200, "text/html", "<h1>log in"), "doh-media-type"],
    [refuse(200, "application/dns-message", Buffer.alloc(70_000)), "dns-answer-malformed"],
    [refuse(200, "application/dns-message", ""), /^dns-answer-/],
    [(_query, reply) => void reply.socket.destroy(), "doh-network"],
  ]) {
    const provider = await resolver(t, answer);
    const error = await queryDoh(question, { provider }).catch((error) => error);
    assert.ok(error instanceof MtaStsError, String(error));
    assert.match(error.code, new RegExp(code));
  }
});

test("a resolver that is silent is left after the time allowed, or when the host says so", async (t) => {
  const silent = { provider: await resolver(t, () => undefined) };
  const question = { name: "example.com", type: "TXT" };
  await assert.rejects(queryDoh(question, { ...silent, timeout: 1 }), { code: "doh-timeout" });
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(queryDoh(question, { ...silent, signal }), { message: "enough" });
});

test("nothing is fetched but by the given fetch", async () => {
  const urls = [];
  const fetch = async (url, init) => {
    urls.push(url);
    assert.equal(init.credentials, "omit");
    throw new TypeError("offline");
  };
  const lookup = await lookupDoh("example.com", { provider: "https://dns.example/q", fetch });
  assert.equal(urls.length, 3);
  assert.equal(lookup.txt.error.code, "doh-network");
  assert.deepEqual(publicationOf(lookup).txt, { failure: "failed" });
});
