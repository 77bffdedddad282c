// The package as its users get it: packed, installed into an empty project, type-checked, run in Node,
// and loaded in a real browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, noBrowser, page, serve } from "./browser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "mtasts-js-"));
after(() => rmSync(project, { recursive: true }));

function run(program, ...args) {
  return execFileSync(program, args, { cwd: project, encoding: "utf8" });
}

const [packed] = JSON.parse(
  execFileSync("npm", ["pack", "--json", "--pack-destination", project], { cwd: root, encoding: "utf8" }),
);
writeFileSync(join(project, "package.json"), '{ "type": "module", "private": true }');
run("npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", `./${packed.filename}`);

test("the package holds what it should, and nothing else", () => {
  const names = packed.files.map(({ path }) => path);
  for (const needed of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "package.json", "dist/mtasts.wasm"]) {
    assert.ok(names.includes(needed), needed);
  }
  const others = names.filter((name) => !/^(dist\/.*\.(js|d\.ts|wasm)|README\.md|LICENSE-\w+|package\.json)$/.test(name));
  assert.deepEqual(others, []);
});

test("the module imports nothing but its own bindings", async () => {
  const module = await WebAssembly.compile(readFileSync(join(root, "dist/mtasts.wasm")));
  const imports = new Set(WebAssembly.Module.imports(module).map(({ module }) => module));
  assert.deepEqual([...imports], ["./mtasts_bg.js"]);
});

test("a strict program compiles against the types, and runs", () => {
  cpSync(join(root, "test/consumer.ts"), join(project, "consumer.ts"));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2023,dom"];
  run(execPath, tsc, ...options, "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--types", "", "consumer.ts");
  assert.match(run(execPath, "consumer.js"), /^enforce \d+ request-invalid function function true /);
});

test("the examples of the README print what they say", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, example]) => example);
  assert.ok(examples.length >= 4);
  for (const [index, example] of examples.entries()) {
    const file = join(project, `example${index}.mjs`);
    writeFileSync(file, example);
    const lines = run(execPath, file).split("\n");
    const said = [...example.matchAll(/^console\.log.*; \/\/ (.*)$|^\/\/ (.*)$/gm)];
    for (const [, beside, below] of said) {
      const line = beside ?? below;
      if (line.startsWith("when to")) continue;
      assert.ok(lines.includes(line), `example ${index} does not print: ${line}\n${lines.join("\n")}`);
    }
  }
});

test("a browser loads it, streaming and from octets", { skip: noBrowser }, async () => {
  const dist = "/node_modules/mtasts/dist";
  const server = await serve(project, {
    "/": page({ mtasts: `${dist}/index.js`, "mtasts/bytes": `${dist}/api.js` }),
  });
  const browser = await launch();
  try {
    const streaming = await browser.newPage();
    const requests = [];
    streaming.on("request", (request) => requests.push(new URL(request.url()).pathname));
    await streaming.goto(server.url);
    const found = await streaming.evaluate(async () => {
      const mtasts = await import("mtasts");
      const isLoaded = mtasts.isReady();
      await Promise.all([mtasts.init(), mtasts.init()]);
      const error = (() => {
        try {
          return mtasts.parsePolicy("version: STSv1\nmode: x\n");
        } catch (error) {
          return error;
        }
      })();
      const { policy } = mtasts.generate({ domain: "bücher.example", mx: ["mx.bücher.example"] });
      return {
        isLoaded,
        error: [error instanceof mtasts.MtaStsError, error.code, error.line],
        host: policy.host,
        matches: mtasts.matches("mx.xn--bcher-kva.example", "MX.bücher.example"),
        findings: mtasts.lint({ policy: policy.text }).findings.map(({ severity }) => severity),
      };
    });
    assert.deepEqual(found, {
      isLoaded: false,
      error: [true, "policy-mode-invalid", 2],
      host: "mta-sts.xn--bcher-kva.example",
      matches: true,
      findings: found.findings.filter((severity) => severity === "info"),
    });
    assert.equal(requests.filter((path) => path.endsWith(".wasm")).length, 1);

    const octets = await browser.newPage();
    await octets.goto(server.url);
    const wasm = readFileSync(join(root, "dist/mtasts.wasm")).toString("base64");
    const id = await octets.evaluate(async (wasm) => {
      const mtasts = await import("mtasts/bytes");
      mtasts.initSync(Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));
      return mtasts.parseRecord(["v=STSv1; id=7;"]).id;
    }, wasm);
    assert.equal(id, "7");
  } finally {
    await browser.close();
    await server.close();
  }
});
