import assert from "node:assert/strict";
import test from "node:test";

import type { Publication } from "mtasts";
import "mtasts";

import { inWords } from "../src/timeline/duration.ts";
import { SCENARIOS, type ScenarioId } from "../src/timeline/scenario.ts";
import { tell, type Row, type Story } from "../src/timeline/story.ts";

const START = Date.UTC(2026, 10, 28, 4);
const [HOUR, DAY] = [3_600_000, 86_400_000];
const PUBLICATION: Publication = {
  domain: "example.com",
  txt: { records: ["v=STSv1; id=20261128;"], ttl: 3600 },
  policy: "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n",
};

function told(scenario: ScenarioId, publication = PUBLICATION): Extract<Story, { is: "told" }> {
  const story = tell(publication, scenario, START);
  assert.equal(story.is, "told", JSON.stringify(story));
  return story as Extract<Story, { is: "told" }>;
}

function row(rows: readonly Row[], pattern: RegExp): Row {
  const found = rows.find(({ sentences }) => sentences.some(({ text }) => pattern.test(text)));
  assert.ok(found, `${pattern} in ${JSON.stringify(rows.map(({ sentences }) => sentences))}`);
  return found;
}

test("each story begins with the policy that is fetched and kept", () => {
  for (const { id } of SCENARIOS) {
    const [first] = told(id).rows;
    assert.equal(first?.at, START);
    assert.match(first?.sentences[0]?.text ?? "", /fetches the policy and keeps it until/);
    assert.equal(first?.sentences[0]?.until, START + 14 * DAY);
    assert.deepEqual([first?.known.kind, first?.fresh.kind], ["enforce", "enforce"]);
    assert.equal(first?.known.postfix, "OK secure match=mx.example.com servername=hostname");
  }
});

test("a new id is seen when the record's TTL has passed, and the new policy is then kept", () => {
  const { rows } = told("new-id");
  const seen = row(rows, /TTL has passed/);
  assert.equal(seen.at, START + 2 * HOUR);
  const fetched = row(rows, /It fetches the new policy/);
  assert.ok(fetched.at > seen.at && fetched.at <= seen.at + HOUR / 2, String(fetched.at - seen.at));
  assert.deepEqual([fetched.known.kind, fetched.known.id], ["enforce", "new"]);
  assert.equal(fetched.known.expiresAt, fetched.at + 14 * DAY);
});

test("while the policy host is down, the policy governs until it expires; new senders find none", () => {
  const { rows } = told("host-down");
  const down = row(rows, /stops answering/);
  assert.deepEqual([down.known.kind, down.fresh.kind], ["enforce", "no-policy"]);
  const failed = row(rows, /look for a newer policy fails/);
  assert.ok(failed.at >= START + DAY && failed.at < START + 2 * DAY, "the daily refresh");
  assert.equal(failed.known.kind, "enforce");
  row(rows, /administrator is warned/);
  const expired = row(rows, /has expired/);
  assert.ok(expired.at >= START + 14 * DAY && expired.at <= START + 14 * DAY + HOUR);
  assert.equal(expired.known.kind, "no-policy");
  const back = rows.at(-1);
  assert.deepEqual([back?.known.kind, back?.fresh.kind], ["enforce", "enforce"]);
});

test("removing everything at once leaves senders with the policy until it expires", () => {
  const { rows } = told("removed");
  const gone = row(rows, /resolvers say that there is none/);
  assert.deepEqual([gone.known.kind, gone.fresh.kind], ["enforce", "no-policy"]);
  assert.ok(row(rows, /has expired/).at >= START + 14 * DAY);
  assert.equal(rows.at(-1)?.known.kind, "no-policy");
});

test("withdrawing by mode none frees senders when they see the new id", () => {
  const { rows } = told("withdrawn");
  const freed = row(rows, /It fetches mode none/);
  assert.ok(freed.at > START + 2 * HOUR && freed.at < START + 3 * HOUR);
  assert.equal(freed.known.kind, "none");
  const removed = row(rows, /You remove record and policy/);
  assert.ok(removed.at > START + 14 * DAY);
  assert.ok(rows.every(({ at, known }) => at <= freed.at || known.kind !== "enforce"));
});

test("every max_age and mode has its story, told quickly", () => {
  for (const mode of ["enforce", "testing"]) {
    for (const maxAge of [1, 60, 3600, 86_400, 31_557_600]) {
      const policy = `version: STSv1\nmode: ${mode}\nmx: mx.example.com\nmax_age: ${maxAge}\n`;
      for (const { id } of SCENARIOS) {
        const { rows } = told(id, { ...PUBLICATION, policy });
        assert.ok(rows.length >= 3 && rows.length < 20, `${id} ${maxAge}: ${rows.length} rows`);
        assert.ok(rows.every(({ at }, index) => index === 0 || at > (rows[index - 1]?.at ?? 0)));
      }
    }
  }
});

test("what is not known is assumed, and said", () => {
  const { policy } = PUBLICATION;
  assert.deepEqual(told("new-id", { policy: policy! }).assumptions, [
    "a valid TXT record",
    "a TTL of an hour",
    "a web server that serves the policy as it should",
  ]);
  assert.deepEqual(told("new-id", { ...PUBLICATION, http: { status: 200 } }).assumptions, []);
});

test("without a policy that senders would keep, the reason is given", () => {
  const http = { status: 200, headers: [["Content-Type", "text/html"]] as const };
  for (const [publication, reason] of [
    [{}, /Enter the policy/],
    [{ ...PUBLICATION, policy: "version: STSv1\nmode: enforce\n" }, /max_age/],
    [{ ...PUBLICATION, policy: "\ud800" }, /no text|lone surrogate/],
    [{ ...PUBLICATION, txt: { records: [] } }, /no MTA-STS record/],
    [{ ...PUBLICATION, txt: { records: ["v=STSv1; id=1;", "v=STSv1; id=2;"] } }, /record/],
    [{ ...PUBLICATION, txt: { failure: "servfail" } }, /SERVFAIL|failed/i],
    [{ ...PUBLICATION, http }, /media type/],
    [{ ...PUBLICATION, http: { status: 301 } }, /redirect/],
    [{ ...PUBLICATION, http: { failure: "tls-expired" } }, /expired/],
    [{ ...PUBLICATION, http: { failure: "dns-servfail" } }, /DNS|address/i],
    [{ ...PUBLICATION, policy: "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 0\n" }, /max_age/],
  ] as readonly (readonly [Publication, RegExp])[]) {
    const story = tell(publication, "new-id", START);
    assert.equal(story.is, "untold", JSON.stringify(publication));
    if (story.is === "untold") assert.match(story.message, reason);
  }
});

test("spans of time are told in two units", () => {
  assert.equal(inWords(0), "0 seconds");
  assert.equal(inWords(61_000), "1 minute 1 second");
  assert.equal(inWords(14 * DAY + 2 * HOUR + 60_000), "14 days 2 hours");
  assert.equal(inWords(14 * DAY + 60_000), "14 days");
});
