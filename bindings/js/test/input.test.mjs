// Bad input: an answer or a clear error, never a trap.
import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";

import {
  Engine,
  decide,
  decodeAnswer,
  domainNames,
  encodeQuery,
  generate,
  lint,
  matches,
  parsePolicy,
  parseRecord,
  parseTlsRptRecord,
  readResponse,
} from "mtasts";

const NO_TEXT = [undefined, null, 5, Number.NaN, 5n, true, {}, [], Symbol("s"), () => {}, new Map()];
const LONE = "a\ud800b";
const MEGABYTES = "x".repeat(17 * 1024 * 1024);

const TEXTS = {
  parsePolicy: (value) => parsePolicy(value),
  parseRecord: (value) => parseRecord([value]),
  parseTlsRptRecord: (value) => parseTlsRptRecord([value]),
  readResponse: (value) => readResponse({ status: 200, contentType: "text/plain", body: value }),
  contentType: (value) => readResponse({ status: 200, contentType: value, body: "" }),
  pattern: (value) => matches(value, "example.com"),
  host: (value) => matches("example.com", value),
  domainNames: (value) => domainNames(value),
  decide: (value) => decide(value, { id: "1", fetchedAt: 0 }),
  id: (value) => decide("", { id: value, fetchedAt: 0 }),
  lookup: (value) => new Engine().lookup(value, 0),
  resolve: (value) => new Engine().resolve({ lookup: 0, domain: value, deadline: 0 }, 0),
  query: (value) => encodeQuery({ name: value, type: "TXT" }),
  type: (value) => encodeQuery({ name: "example.com", type: value }),
  generate: (value) => generate({ domain: value }),
};

test("what is no text is refused in words", () => {
  for (const [name, use] of Object.entries(TEXTS)) {
    for (const value of NO_TEXT) {
      if (name === "contentType" && value === null) continue;
      assert.throws(() => use(value), { name: "MtaStsError", code: "argument-invalid" }, name);
    }
  }
  for (const use of [parseRecord, parseTlsRptRecord]) {
    assert.throws(() => use("v=STSv1; id=1;"), { code: "argument-invalid", message: /array/ });
  }
});

test("a lone surrogate is no text", () => {
  for (const [name, use] of Object.entries(TEXTS)) {
    assert.throws(() => use(LONE), { code: "text-malformed", message: /U\+D800/ }, name);
  }
  assert.throws(() => lint({ policy: LONE }), { code: "text-malformed" });
  assert.throws(() => lint({ txt: { records: [LONE] } }), { code: "text-malformed" });
});

test("megabytes are refused, or read in no time", () => {
  for (const [name, use] of Object.entries(TEXTS)) {
    assert.throws(() => use(MEGABYTES), { code: "too-large" }, name);
  }
  assert.throws(() => parseRecord(new Array(1_000_000).fill("")), { code: "too-large" });
  const large = "mx: a.example\n".repeat(100_000);
  assert.throws(() => parsePolicy(large), { code: "policy-version-missing" });
  assert.ok(lint({ policy: large }).findings.length <= 520);
});

test("moments and numbers are what they claim", () => {
  const engine = new Engine();
  for (const now of [undefined, null, "0", Number.NaN, -1, Infinity, 2 ** 53, 1n, new Date()]) {
    assert.throws(() => engine.lookup("example.com", now), { code: "argument-invalid" });
    assert.throws(() => engine.handleTimeout(now), { code: "argument-invalid" });
  }
  for (const request of [undefined, -1, 0.5, 2 ** 32, "1", Number.NaN]) {
    assert.throws(() => engine.stored(request, 0), { code: "argument-invalid" });
  }
  for (const status of [-1, 65536, 200.5, "200", undefined]) {
    const response = { status, contentType: null, body: "" };
    assert.throws(() => readResponse(response), { code: "argument-invalid" });
  }
  for (const argument of [undefined, null, 1, "x"]) {
    assert.throws(() => engine.resolve(argument, 0), { code: "argument-invalid" });
    assert.throws(() => readResponse(argument), { code: "argument-invalid" });
    assert.throws(() => engine.txtAnswer(1, argument, 0), { code: "argument-invalid" });
    assert.throws(() => encodeQuery(argument), { code: "argument-invalid" });
  }
  assert.throws(() => new Engine({ maxDomains: "many" }), { code: "argument-invalid" });
  assert.throws(() => new Engine({ maxDomain: 1 }), { code: "argument-invalid", message: /maxDomain/ });
});

test("octets of another realm and binary files are octets", () => {
  const foreign = vm.runInNewContext("new Uint8Array([118, 61, 83])");
  assert.throws(() => parseRecord([foreign]), { code: "record-other" });
  assert.throws(() => parsePolicy(new Uint16Array(4)), { code: "argument-invalid" });
  const binary = Uint8Array.from({ length: 65536 }, (_, index) => (index * 167) & 0xff);
  assert.throws(() => parsePolicy(binary), { code: /^policy-/ });
  assert.throws(() => decodeAnswer({ name: "a.example", type: "TXT" }, binary), { code: /^dns-answer-/ });
  assert.ok(lint({ policy: binary }).findings.length > 0);
});

test("a publication with a member that is not known says so", () => {
  assert.throws(() => lint({ polcy: "" }), { code: "publication-invalid", message: /polcy/ });
  assert.throws(() => lint({ mx: [] }), { code: "publication-invalid" });
  assert.throws(() => lint(5), { code: "publication-invalid" });
  assert.throws(() => lint(undefined), { code: "argument-invalid" });
  const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  assert.throws(() => lint({ txt: deep }), { code: "publication-invalid" });
});
