// After a trap the module is not used again. These tests make the module trap for real, each in a
// process of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { execPath } from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(script) {
  return execFileSync(execPath, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8" });
}

test("a trap is told at once and at every call from then on", () => {
  const output = run(`
    import assert from "node:assert/strict";
    import { Engine, isReady, parsePolicy } from "mtasts";
    import { call } from "./dist/module.js";
    import * as raw from "./dist/raw/mtasts.js";
    const engine = new Engine();
    // An allocation that cannot be: the allocator aborts, as a panic does.
    const { __wbindgen_malloc } = raw.initSync({});
    const trap = () => call(() => __wbindgen_malloc(-1, 1));
    assert.throws(trap, (error) => {
      assert.equal(error.code, "module-failed");
      assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
      return true;
    });
    assert.equal(isReady(), false);
    assert.throws(() => engine.size, { code: "module-failed" });
    assert.throws(() => parsePolicy(""), { code: "module-failed", message: /not used again/ });
    console.log("done");
  `);
  assert.equal(output, "done\n");
});

test("before it is loaded, and with the wrong octets, the module says so", () => {
  const output = run(`
    import assert from "node:assert/strict";
    import { readFileSync } from "node:fs";
    import { initSync, parsePolicy } from "mtasts/bytes";
    assert.throws(() => parsePolicy(""), { code: "not-initialised", message: /init/ });
    assert.throws(() => initSync(new Uint8Array(8)), { code: "load-failed" });
    initSync(readFileSync("dist/mtasts.wasm"));
    initSync(new Uint8Array(8));
    assert.throws(() => parsePolicy(""), { code: "policy-empty" });
    console.log("done");
  `);
  assert.equal(output, "done\n");
});
