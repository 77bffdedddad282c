import assert from "node:assert/strict";
import test from "node:test";

import { Engine } from "mtasts";

const START = 1_790_000_000_000;
const POLICY = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n";

/** Carries out what the engine asks for, against a network of one domain. */
function settle(engine, now, { records = ["v=STSv1; id=1;"], policy = POLICY } = {}) {
  const seen = [];
  for (let output = engine.pollOutput(); output; output = engine.pollOutput()) {
    seen.push(output);
    switch (output.kind) {
      case "query-txt":
        engine.txtAnswer(output.request, { records, ttl: 300 }, now);
        break;
      case "fetch-policy":
        engine.fetchAnswer(
          output.request,
          { status: 200, contentType: "text/plain", body: policy },
          now,
        );
        break;
      case "load":
        engine.loaded(output.request, null, now);
        break;
      case "store":
        engine.stored(output.request, now);
        break;
    }
  }
  return seen;
}

test("a lookup is resolved, remembered, exported and restored", () => {
  const engine = new Engine({ store: true, seed: 1 });
  assert.equal(engine.lookup("example.com", START), null);
  engine.resolve({ lookup: 7, domain: "Example.com.", deadline: START + 5000 }, START);
  assert.equal(engine.waiting, 1);
  const outputs = settle(engine, START);
  assert.deepEqual(
    outputs.map(({ kind }) => kind),
    ["load", "query-txt", "fetch-policy", "store", "answer"],
  );
  const { lookup, decision, bounce } = outputs.at(-1);
  assert.deepEqual({ lookup, kind: decision.kind, bounce }, { lookup: 7, kind: "enforce", bounce: null });
  assert.equal(decision.policy.source, "live");
  assert.equal(engine.lookup("example.com", START + 1000).policy.source, "cached");
  assert.equal(engine.size, 1);
  assert.ok(engine.pollTimeout().at > START);

  const [kept] = engine.policies(START);
  assert.equal(kept.domain, "example.com");
  const other = new Engine();
  other.restore(kept.domain, kept.cached, START);
  assert.equal(other.peek("example.com", START).policy.id, "1");
  engine.free();
  assert.throws(() => engine.size, { code: "freed" });
});

test("failures are inputs, and a recheck says whether to bounce", () => {
  const engine = new Engine();
  engine.recheck({ lookup: 1, domain: "example.com", deadline: START + 5000 }, START);
  const query = engine.pollOutput();
  engine.txtAnswer(query.request, { failure: "dns-servfail", detail: "192.0.2.53" }, START);
  const answer = engine.pollOutput();
  assert.equal(answer.bounce, "forbidden");
  assert.equal(answer.decision.kind, "no-policy");
  assert.equal(answer.decision.why, "failed");
  assert.deepEqual(answer.decision.failure, {
    code: "dns-servfail",
    message: "TXT query failed: the resolver answered SERVFAIL",
    detail: "192.0.2.53",
    resultType: "sts-policy-fetch-error",
    at: START,
    id: null,
  });
});

test("a fetch that fails has its code, with the engine told what to answer then", () => {
  const engine = new Engine({ tempFailOnFetchFailure: true });
  engine.resolve({ lookup: 1, domain: "example.com", deadline: START + 5000 }, START);
  const query = engine.pollOutput();
  engine.txtAnswer(query.request, { records: ["v=STSv1; id=1;"], ttl: 300 }, START);
  const fetch = engine.pollOutput();
  assert.equal(fetch.host, "mta-sts.example.com");
  assert.equal(fetch.maxBytes, 65536);
  engine.fetchAnswer(fetch.request, { failure: "fetch-tls-name" }, START);
  const { decision } = engine.pollOutput();
  assert.equal(decision.kind, "temp-fail");
  assert.equal(decision.discoveryResult, "sts-webpki-invalid");
});

test("deadlines are kept without an answer from the network", () => {
  const engine = new Engine();
  engine.resolve({ lookup: 1, domain: "example.com", deadline: START + 5000 }, START);
  assert.equal(engine.pollOutput().kind, "query-txt");
  assert.deepEqual(engine.pollTimeout(), { at: START + 5000, reason: "lookup-deadline" });
  engine.handleTimeout(START + 5000);
  assert.equal(engine.pollOutput().decision.why, "deadline");
});

test("what is refused changes nothing", () => {
  const engine = new Engine({ maxLookups: 1 });
  const question = { lookup: 1, domain: "example.com", deadline: START + 5000 };
  engine.resolve(question, START);
  for (const [use, code] of [
    [() => engine.resolve(question, START), "duplicate-lookup"],
    [() => engine.resolve({ ...question, lookup: 2 }, START), "busy"],
    [() => engine.resolve({ ...question, domain: "192.0.2.1" }, START), "domain-address"],
    [() => engine.cancel(9, START), "unknown-lookup"],
    [() => engine.stored(99, START), "unknown-request"],
    [() => engine.loaded(1, null, START), "wrong-answer"],
    [() => engine.fetchAnswer(1, { failure: "nonsense" }, START), "argument-invalid"],
    [() => engine.txtAnswer(1, { failure: "fetch-timeout" }, START), "argument-invalid"],
    [() => engine.restore("example.com", { policy: "", id: "1", fetchedAt: 0, lastUsed: 0 }, 0), "policy-empty"],
    [() => engine.restore("example.com", { policy: POLICY, id: "-", fetchedAt: 0, lastUsed: 0 }, 0), "id-invalid"],
    [() => engine.reconfigure({ nonsense: 1 }), "argument-invalid"],
  ]) {
    assert.throws(use, { name: "MtaStsError", code }, code);
  }
  assert.deepEqual(settle(engine, START).map(({ kind }) => kind), ["query-txt", "fetch-policy", "answer"]);
  engine.reconfigure({ maxLookups: 2 });
});
