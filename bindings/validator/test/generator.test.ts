import assert from "node:assert/strict";
import test from "node:test";

import { lint } from "mtasts";

import { MAX_AGES, outcomeOf, publicationFor, USUAL_MAX_AGE, wishFor, type Wish } from "../src/generator/wish.ts";

const NOW = Date.UTC(2026, 10, 28, 4);
const WISH: Wish = {
  domain: "example.com",
  mx: "10 mx1.example.com.\n20 mx2.example.com.",
  mode: "enforce",
  maxAge: null,
  rua: "tls-reports@example.com",
};

function planned(wish: Wish) {
  const outcome = outcomeOf(wish, NOW);
  assert.equal(outcome.is, "plan", JSON.stringify(outcome));
  return (outcome as Extract<typeof outcome, { is: "plan" }>).plan;
}

test("the linter finds neither error nor warning in what is generated, whatever is chosen", () => {
  for (const mode of ["enforce", "testing", "none"] as const) {
    for (const maxAge of [null, ...MAX_AGES[mode]]) {
      for (const domain of ["example.com", "EXAMPLE.com.", "bücher.example"]) {
        const wish: Wish = { ...WISH, domain, mode, maxAge };
        const { findings } = lint({ ...publicationFor(planned(wish), wish), now: NOW / 1000 });
        const grave = findings.filter(({ severity }) => severity !== "info");
        assert.deepEqual(grave, [], JSON.stringify({ wish, grave }));
      }
    }
  }
});

test("what is usual is what the engine takes by itself", () => {
  for (const mode of ["enforce", "testing", "none"] as const) {
    assert.equal(planned({ ...WISH, mode }).policy.max_age, USUAL_MAX_AGE[mode]);
  }
});

test("what is wrong is said of the field where it stands", () => {
  for (const [wrong, field, message] of [
    [{ domain: " " }, "domain", /Enter the mail domain/],
    [{ domain: "user@example.com" }, "domain", /Only the name of the mail domain/],
    [{ domain: "\ud800" }, "domain", /lone surrogate/],
    [{ mx: "" }, "mx", /name the domain's MX hosts/i],
    [{ mx: "mx.example.com 192.0.2.1" }, "mx", /^“192\.0\.2\.1”: /],
    [{ mx: "<img/src=x>" }, "mx", /^“<img\/src=x>”: /],
    [{ mx: `${"a".repeat(70)}.example` }, "mx", /^“a{60}…”: /],
    [{ maxAge: 60 }, "maxAge", /a day|86400/],
    [{ mode: "none", maxAge: 31557600 }, "maxAge", /604800/],
    [{ rua: "https://example.com/ nobody" }, "rua", /^“nobody”: /],
  ] as const) {
    const outcome = outcomeOf({ ...WISH, ...wrong }, NOW);
    assert.equal(outcome.is, "refused", JSON.stringify(wrong));
    if (outcome.is === "refused") {
      assert.equal(outcome.field, field, JSON.stringify(outcome));
      assert.match(outcome.message, message);
    }
  }
});

test("the form begins with what the domain has", () => {
  assert.deepEqual(wishFor({}), { domain: "", mx: "", mode: "testing", maxAge: null, rua: "" });
  assert.deepEqual(
    wishFor({
      domain: "example.com",
      policy: "version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n",
      mx: { hosts: [{ host: "mx.example.net", preference: 10 }] },
      tlsrpt: { records: ["v=TLSRPTv1; rua=mailto:tls@example.com,https://example.com/tls"] },
    }),
    { domain: "example.com", mx: "mx.example.net", mode: "enforce", maxAge: 604800, rua: "mailto:tls@example.com\nhttps://example.com/tls" },
  );
  const policy = "version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 60\n";
  assert.deepEqual(wishFor({ policy, mx: { hosts: [{ host: "." }] }, tlsrpt: { records: ["nonsense"] } }), {
    domain: "", mx: "*.example.net", mode: "enforce", maxAge: null, rua: "",
  });
});
