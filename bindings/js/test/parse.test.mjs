import assert from "node:assert/strict";
import test from "node:test";

import {
  MtaStsError,
  decide,
  domainNames,
  matches,
  parsePolicy,
  parseRecord,
  parseTlsRptRecord,
  readResponse,
  utf16Offsets,
} from "mtasts";

const POLICY = "version: STSv1\nmode: enforce\nmx: *.Example.com\nmax_age: 86400\nx-note: hi\n";

test("a record gives its id, from texts and from octets", () => {
  assert.deepEqual(parseRecord(["v=spf1 -all", "v=STSv1; id=20260101T000000;"]), {
    id: "20260101T000000",
  });
  assert.deepEqual(parseRecord([new TextEncoder().encode("v=STSv1; id=a;")]), { id: "a" });
});

test("what is no record says which rule it breaks", () => {
  for (const [records, code] of [
    [[], "record-missing"],
    [["v=spf1 -all"], "record-other"],
    [["v=STSv1; id=a;", "v=STSv1; id=b;"], "record-several"],
    [["v=STSv1; x"], "record-malformed"],
    [["v=STSv1; x=1;"], "record-id-missing"],
    [["v=STSv1; id=a-b;"], "record-id-invalid"],
  ]) {
    assert.throws(() => parseRecord(records), { name: "MtaStsError", code });
  }
});

test("a TLSRPT record gives its URIs", () => {
  const record = "v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/r";
  assert.deepEqual(parseTlsRptRecord([record]), {
    rua: ["mailto:a@example.com", "https://example.com/r"],
  });
  assert.throws(() => parseTlsRptRecord(["v=TLSRPTv1; rua=ftp://x/"]), {
    code: "tlsrpt-rua-unusable",
  });
});

test("a policy gives its fields, its text, and what it gets wrong", () => {
  assert.deepEqual(parsePolicy(POLICY.replace("\nmode", "\n\nmode")), {
    mode: "enforce",
    maxAge: 86400,
    mx: ["*.example.com"],
    extensions: [{ name: "x-note", value: "hi" }],
    text: "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 86400\nx-note: hi\n",
    deviations: [
      { code: "blank-line", message: "blank line", start: 15, end: 15, line: 2, column: 1 },
    ],
  });
});

test("what is no policy says where", () => {
  const broken = POLICY.replace("enforce", "Enforce");
  assert.throws(
    () => parsePolicy(broken),
    (error) => {
      assert.ok(error instanceof MtaStsError && error instanceof Error);
      const { code, line, column, message } = error;
      assert.deepEqual({ code, line, column }, { code: "policy-mode-invalid", line: 2, column: 7 });
      assert.match(message, /line 2, column 7: `mode`/);
      return true;
    },
  );
  assert.throws(() => parsePolicy("version: STSv1\nmode: none\n"), {
    code: "policy-max-age-missing",
    line: undefined,
  });
});

test("a response is judged by status, media type and size", () => {
  const good = { status: 200, contentType: "text/plain; charset=utf-8", body: POLICY };
  assert.equal(readResponse(good).mode, "enforce");
  for (const [change, code] of [
    [{ status: 404 }, "fetch-status"],
    [{ status: 302 }, "fetch-redirect"],
    [{ contentType: "text/html" }, "fetch-media-type"],
    [{ contentType: null }, "fetch-media-type"],
    [{ body: "" }, "policy-empty"],
  ]) {
    assert.throws(() => readResponse({ ...good, ...change }), { code });
  }
  assert.throws(() => readResponse(good, 10), { code: "fetch-too-large" });
});

test("patterns match as RFC 8461 says, and U-labels as A-labels", () => {
  assert.equal(matches("*.example.com", "MAIL.example.com."), true);
  assert.equal(matches("*.example.com", "a.mail.example.com"), false);
  assert.equal(matches("*", "example.com"), false);
  assert.equal(matches("*.xn--bcher-kva.example", "mail.BÜCHER.example"), true);
  // What IDNA would map to an ASCII name is not that name.
  for (const host of ["\u212a.example", "\u{ff4d}ail.example", "ma\u{ad}il.example", "k\u3002example"]) {
    assert.equal(matches("*.example", host), false, host);
    assert.equal(matches("k.example", host), false, host);
  }
});

test("a lookup key names a Policy Domain in all its spellings", () => {
  const names = {
    domain: "xn--bcher-kva.example",
    txtName: "_mta-sts.xn--bcher-kva.example",
    policyHost: "mta-sts.xn--bcher-kva.example",
    tlsrptName: "_smtp._tls.xn--bcher-kva.example",
  };
  for (const key of ["bücher.example", "[BÜCHER.example.]:25", "xn--bcher-kva.EXAMPLE", "bücher\u3002example"]) {
    assert.deepEqual(domainNames(key), names, key);
  }
  for (const [key, code] of [
    [".example.com", "domain-parent"],
    ["192.0.2.1", "domain-address"],
    ["[IPv6:2001:db8::1]", "domain-address"],
    ["[example.com", "domain-brackets"],
    ["example.com:", "domain-port"],
    ["a b.example", "domain-name"],
    ["bü cher.example", "domain-name"],
    ["a\u2024b.example", "domain-name"],
    ["ü%2e.example", "domain-name"],
    ["ü@example", "domain-name"],
    ["", "domain-name"],
  ]) {
    assert.throws(() => domainNames(key), { code }, key);
  }
});

test("a decision is made of a policy, applied and rendered", () => {
  const decision = decide(POLICY, { id: "a1", fetchedAt: 1_000_000 });
  assert.equal(decision.kind, "enforce");
  assert.equal(decision.policy.expiresAt, 1_000_000 + 86_400_000);
  assert.equal(decision.matches("mx.example.com"), true);
  const seen = { starttls: true, certificate: "valid" };
  assert.deepEqual(decision.judge("mx.example.com", seen), { verdict: "deliver", report: null });
  assert.deepEqual(decision.judge("mx.example.com", { ...seen, dane: "fail" }), {
    verdict: "skip-mx",
    report: "validation-failure",
  });
  assert.equal(
    decision.render("postfix", "example.com"),
    "OK secure match=.example.com servername=hostname",
  );
  assert.match(decision.render("postfix-tlsrpt", "example.com"), / policy_domain=example\.com /);
  assert.equal(JSON.parse(decision.render("json", "example.com", 2_000_000)).policy.age, 1000);
  assert.match(decision.explain(2_000_000), /mode enforce under id a1/);
  const none = POLICY.replace("enforce", "none");
  assert.equal(decide(none, { id: "a", fetchedAt: 0 }).why, "mode-none");
  decision.free();
  decision.free();
  assert.equal(decision.kind, "enforce");
  assert.throws(() => decision.explain(0), { code: "freed" });
});

test("octet offsets are found in UTF-16", () => {
  const text = "aü\u{1f600}b";
  assert.deepEqual(utf16Offsets(text, [0, 1, 2, 3, 4, 7, 8, 99]), [0, 1, 1, 2, 2, 4, 5, 5]);
  assert.deepEqual(utf16Offsets(text, [7, 0, 3]), [4, 0, 2]);
  assert.deepEqual(utf16Offsets("", [0, 3]), [0, 0]);
});
