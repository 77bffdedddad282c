// How long the calls take that a page makes with each keystroke: `node scripts/bench.mjs`, after
// `cargo xtask wasm`. The median of rounds, in microseconds.
import { Engine, decide, lint, parsePolicy, parseRecord } from "mtasts";

const ROUNDS = 200;
const CALLS = 50;

const record = "v=STSv1; id=20260101T000000;";
const mx = ["mx1.example.com", "mx2.example.com", "*.mail.example.net"];
const policy = `version: STSv1\r\nmode: enforce\r\n${mx.map((host) => `mx: ${host}\r\n`).join("")}max_age: 604800\r\n`;
const publication = {
  domain: "example.com",
  txt: { records: [record], pasted: true },
  policy,
  mx: { hosts: mx.slice(0, 2).map((host, index) => ({ host, preference: 10 * index })) },
  tlsrpt: { records: ["v=TLSRPTv1; rua=mailto:tls@example.com"], pasted: true },
};
const now = Date.now();
const engine = new Engine();
engine.restore("example.com", { policy, id: "1", fetchedAt: now, lastUsed: now }, now);

const cases = {
  "lint of a record, a policy, two MX hosts and TLSRPT": () => lint(publication),
  "parse of a policy": () => parsePolicy(policy),
  "parse of a record": () => parseRecord([record]),
  "lookup of a cached domain": () => engine.lookup("example.com", now).free(),
  "decision of a policy, rendered for Postfix": () => {
    const decision = decide(policy, { id: "1", fetchedAt: now });
    decision.render("postfix", "example.com");
    decision.free();
  },
};
for (const [name, use] of Object.entries(cases)) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let call = 0; call < CALLS; call++) use();
    return ((performance.now() - start) * 1000) / CALLS;
  });
  rounds.sort((a, b) => a - b);
  console.log(`${rounds[ROUNDS / 2].toFixed(2).padStart(9)} µs  ${name}`);
}
