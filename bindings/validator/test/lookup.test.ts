import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";

import { domainNames, lint, MtaStsError } from "mtasts";

import { allCommands, policyCommand } from "../src/lookup/commands.ts";
import { lookUp, type Row } from "../src/lookup/look-up.ts";
import { ownProvider } from "../src/lookup/provider.ts";
import { EXAMPLE, startResolver, type Misbehaviour, type Zone } from "./resolver.ts";

async function found(t: TestContext, zone: Zone, domain = "example.com") {
  const resolver = await startResolver(t, zone);
  return { ...(await lookUp(domain, { provider: resolver.url })), resolver };
}

function outcomes(rows: readonly Row[]): string[] {
  return rows.map(({ outcome }) => outcome);
}

test("a lookup finds everything that a domain has in DNS", async (t) => {
  const { publication, rows, resolver } = await found(t, EXAMPLE);
  assert.equal(publication.domain, "example.com");
  assert.deepEqual(publication.txt?.cname, ["_mta-sts.provider.example"]);
  assert.equal(publication.txt?.ttl, 300);
  assert.deepEqual(publication.mx?.hosts, [
    { host: "mx1.example.com", preference: 10, has_address: true },
    { host: "mx2.example.com", preference: 20, cname: "mx.example.net", has_address: true },
  ]);
  assert.deepEqual(publication.http, { cname: [], addresses: [{ address: "192.0.2.80" }] });
  assert.deepEqual(outcomes(rows), ["found", "found", "found", "found"]);
  assert.deepEqual(rows[0]?.values, ["v=STSv1; id=20261128;"]);
  assert.deepEqual(rows[1]?.values, ["10 mx1.example.com", "20 mx2.example.com"]);
  assert.deepEqual([...resolver.asked].sort(), [
    "_mta-sts.example.com TXT",
    "_smtp._tls.example.com TXT",
    "example.com MX",
    "mta-sts.example.com A",
    "mta-sts.example.com AAAA",
    "mx1.example.com A",
    "mx1.example.com AAAA",
    "mx2.example.com A",
    "mx2.example.com AAAA",
  ]);
  // The linter makes use of all of it.
  const codes = lint(publication).findings.map(({ code }) => code);
  assert.ok(codes.includes("mx-cname"), codes.join());
});

test("what does not exist is told from what could not be asked", async (t) => {
  const none = await found(t, { records: [] });
  assert.deepEqual(outcomes(none.rows), ["absent", "absent", "absent", "absent"]);
  assert.deepEqual(none.publication.http, { cname: [], failure: "no-address" });
  assert.deepEqual(none.publication.txt?.records, []);

  const rcodes = { "_mta-sts.example.com": 2, "mta-sts.example.com": 2 };
  const broken = await found(t, { ...EXAMPLE, rcodes });
  assert.deepEqual(outcomes(broken.rows), ["failed", "found", "found", "failed"]);
  assert.match(broken.rows[0]?.trouble?.advice ?? "", /DNSSEC/);
  assert.equal(broken.publication.txt?.failure, "servfail");
  assert.deepEqual(broken.publication.http, { cname: [], failure: "dns-servfail" });
});

test("a null MX is kept, and not looked up", async (t) => {
  const records = [{ name: "example.com", type: "MX" as const, data: { preference: 0, exchange: "." } }];
  const { publication, resolver } = await found(t, { records });
  assert.deepEqual(publication.mx?.hosts, [{ host: ".", preference: 0 }]);
  assert.ok(!resolver.asked.some((question) => question.startsWith(".")));
});

test("no flood of queries for a flood of MX hosts", async (t) => {
  const records = Array.from({ length: 50 }, (_, index) => ({
    name: "example.com",
    type: "MX" as const,
    data: { preference: index, exchange: `mx${index}.example.com` },
  }));
  const { publication, resolver } = await found(t, { records });
  assert.equal(publication.mx?.hosts?.length, 50);
  assert.equal(resolver.asked.length, 5 + 20);
});

test("each way for a resolver to fail has its advice", async (t) => {
  for (const [misbehave, message, advice] of [
    [(request) => request.socket.destroy(), /cannot be reached/, /web pages/],
    [(_, response) => response.writeHead(429).end(), /status 429/, /Wait a minute/],
    [(_, response) => response.writeHead(404).end(), /status 404/, /dns-query/],
    [(_, response) => response.setHeader("Content-Type", "text/html").end("<p>"), /text\/html/, /path/],
    [(_, response) => response.setHeader("Content-Type", "application/dns-message").end("nonsense"), /./, /broken/],
  ] as readonly [Misbehaviour, RegExp, RegExp][]) {
    const resolver = await startResolver(t, EXAMPLE, misbehave);
    const { publication, rows } = await lookUp("example.com", { provider: resolver.url });
    assert.deepEqual(outcomes(rows), ["failed", "failed", "failed", "failed"]);
    for (const { trouble } of rows) {
      assert.match(trouble?.message ?? "", message);
      assert.match(trouble?.advice ?? "", advice);
      assert.match(trouble?.advice ?? "", /commands below/);
    }
    // Nothing is known then, and nothing is said to be absent.
    assert.deepEqual(publication, { domain: "example.com" });
  }
});

test("a resolver that never answers is given up on, and a lookup can be ended", async (t) => {
  const resolver = await startResolver(t, EXAMPLE, () => {});
  const { rows } = await lookUp("example.com", { provider: resolver.url, timeout: 50 });
  assert.match(rows[0]?.trouble?.message ?? "", /did not answer in time/);
  const ended = new AbortController();
  const lookup = lookUp("example.com", { provider: resolver.url, signal: ended.signal });
  ended.abort();
  await assert.rejects(lookup, { name: "AbortError" });
});

test("what is no domain is refused before anybody is asked", async (t) => {
  const resolver = await startResolver(t, EXAMPLE);
  for (const domain of ["", "192.0.2.1", "a b", "\ud800", "<script>"]) {
    await assert.rejects(lookUp(domain, { provider: resolver.url }), MtaStsError, domain);
  }
  assert.deepEqual(resolver.asked, []);
});

test("a resolver of the reader's own", () => {
  for (const [text, url] of [
    ["https://dns.example/dns-query", "https://dns.example/dns-query"],
    ["https://dns.example/dns-query{?dns}", "https://dns.example/dns-query"],
    [" dns.example ", "https://dns.example/dns-query"],
    ["http://127.0.0.1:8053", "http://127.0.0.1:8053/dns-query"],
    ["https://dns.example:8443/x?key=1#part", "https://dns.example:8443/x?key=1"],
  ] as const) {
    const own = ownProvider(text);
    assert.deepEqual(own, { is: "usable", url, host: new URL(url).host }, text);
  }
  for (const text of ["", "https://", "http://dns.example/", "javascript:alert(1)", "https://u:p@dns.example/"]) {
    assert.equal(ownProvider(text).is, "refused", text);
  }
});

test("the commands ask for what the page reads", () => {
  const names = domainNames("Example.com");
  assert.equal(policyCommand(names), "curl -si https://mta-sts.example.com/.well-known/mta-sts.txt");
  assert.match(allCommands(names), /^dig TXT _mta-sts\.example\.com; dig MX example\.com; dig TXT _smtp\._tls\.example\.com; curl /);
});
