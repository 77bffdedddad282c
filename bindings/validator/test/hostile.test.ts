import assert from "node:assert/strict";
import test from "node:test";
import { inflateRawSync } from "node:zlib";

import type { Page } from "playwright-core";

import { eventually, fieldOf, FIELDS, focusEditor, holds, noBrowser, openPage, openView, ready, VIEWS } from "./browser.ts";

const MEGABYTE = 1024 * 1024;

/** Pastes, as the clipboard does, into what has the focus. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true });
    // What nobody handles is inserted by the browser.
    if (element?.dispatchEvent(event)) document.execCommand("insertText", false, text);
  }, text);
}

/** Drops a file on the field. */
async function drop(page: Page, name: string, octets: number[]): Promise<void> {
  const data = await page.evaluateHandle((octets) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(octets)], "file", { type: "" }));
    return data;
  }, octets);
  await fieldOf(page, name).dispatchEvent("drop", { dataTransfer: data });
}

test("a megabyte is refused in a sentence, and nothing is lost", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  for (const name of FIELDS) {
    await focusEditor(page, name);
    await page.keyboard.insertText("kept");
    await paste(page, "mx: a.example\n".repeat(MEGABYTE / 14));
    await page.getByRole("alert").getByText(/at most 256 KiB/).waitFor();
    await holds(page, name, "kept");
    await page.keyboard.insertText("!");
    await page.getByRole("alert").waitFor({ state: "detached" });
  }
  assert.deepEqual(errors, []);
});

test("as much as a field takes is checked without a hang", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  for (const text of ["x\n".repeat(130_000), "mx: a.example\n".repeat(18_000), "é".repeat(262_000), "\u{1f600}".repeat(131_000), " ".repeat(262_000)]) {
    await focusEditor(page, "Policy");
    await page.keyboard.press("Control+A");
    await paste(page, text);
    await page.getByRole("region", { name: "Findings" }).locator("li.error").first().waitFor();
    const count = await page.getByRole("region", { name: "Findings" }).locator("li").count();
    assert.ok(count <= 100, `${count} findings are shown`);
  }
  assert.deepEqual(errors, []);
});

test("fixes without number are made in a while, not for ever", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  await focusEditor(page, "Policy");
  await paste(page, `version: STSv1\nmode: enforce\n${"MX: a.example.\n".repeat(17_000)}max_age: 604800\n`);
  await page.getByRole("button", { name: /^Fix all/ }).click();
  await page.getByText(/^(One fix|\d+ fixes) made\.$/).waitFor();
  assert.deepEqual(errors, []);
});

test("files that are no text, and files that are", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  await drop(page, "Policy", [0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]);
  await page.getByRole("alert").getByText("binary file").waitFor();
  await holds(page, "Policy", "");
  const policy = "\ufeffversion: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 604800\r\n";
  await drop(page, "Policy", [...new TextEncoder().encode(policy)]);
  // The byte order mark and the line ends are what senders would get, so they are kept.
  await page.getByRole("region", { name: "Findings" }).getByText(/byte order mark/i).first().waitFor();
  assert.deepEqual(errors, []);
});

test("lone surrogates are characters like others", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  for (const name of ["Domain", ...FIELDS]) {
    await fieldOf(page, name).first().focus();
    await paste(page, "a\ud800b\udfffc");
  }
  await page.getByRole("region", { name: "Findings" }).locator("li").first().waitFor();
  // The link follows a moment behind what is entered.
  await page.waitForURL(({ hash }) => hash !== "" && inflateRawSync(Buffer.from(hash.slice(2), "base64url")).includes('"http"'));
  const { page: other, errors: others } = await openPage({ fragment: new URL(page.url()).hash.slice(1) });
  await other.getByRole("region", { name: "Findings" }).locator("li").first().waitFor();
  assert.deepEqual([errors, others], [[], []]);
});

test("markup is text, in every field and wherever it is shown", { skip: noBrowser }, async () => {
  const { page, errors, requests } = await openPage();
  await page.addInitScript(() => Object.assign(window, { hacked: () => Object.assign(window, { isHacked: true }) }));
  await ready(page);
  const hostile = `<img src=x onerror=hacked()><script>hacked()</script><svg onload=hacked()>"'&lt;`;
  await fieldOf(page, "Domain").first().fill(`${hostile}.example`);
  const texts: Record<string, string> = {
    "TXT record": `v=STSv1; id=${hostile};`,
    Policy: `version: STSv1\nmode: ${hostile}\nmx: ${hostile}\n${hostile}: 1\nmax_age: ${hostile}\n`,
    "MX hosts": `10 ${hostile}\n${hostile}`,
    "TLSRPT record": `v=TLSRPTv1; rua=mailto:${hostile}`,
    "HTTP header": `HTTP/2 200\ncontent-type: ${hostile}\n${hostile}: ${hostile}`,
  };
  for (const [name, text] of Object.entries(texts)) {
    await focusEditor(page, name);
    await page.keyboard.insertText(text);
  }
  await page.getByRole("region", { name: "Findings" }).getByText("<img src=x").first().waitFor();
  await fieldOf(page, "Try the name").fill(hostile);
  for (const view of VIEWS) {
    await openView(page, view);
  }
  const after = await page.evaluate(() => ({
    elements: document.querySelectorAll("img, script:not([src]), iframe, object").length,
    isHacked: "isHacked" in window,
  }));
  assert.deepEqual(after, { elements: 0, isHacked: false });
  assert.deepEqual([errors, requests], [[], []]);
});

test("the page's security policy holds", { skip: noBrowser }, async () => {
  const { page, requests } = await openPage();
  await ready(page);
  const outcomes = await page.evaluate(async () => {
    const attempts: (() => unknown)[] = [
      () => (document.body.innerHTML = "<b>no</b>"),
      // Later, since what the debugger calls may evaluate texts.
      () => new Promise((resolve) => setTimeout(resolve)).then(() => (0, eval)("1")),
      () => (document.createElement("script").src = "https://elsewhere.example/"),
      () => fetch("http://192.0.2.1/"),
    ];
    const outcomes: string[] = [];
    for (const attempt of attempts) {
      try {
        await attempt();
        outcomes.push("done");
      } catch (error) {
        outcomes.push((error as Error).name);
      }
    }
    return outcomes;
  });
  assert.deepEqual(outcomes, ["TypeError", "EvalError", "TypeError", "TypeError"]);
  assert.deepEqual(requests, []);
});

test("without the editor's script, plain fields do", { skip: noBrowser }, async () => {
  const { page } = await openPage();
  await page.route("**/editor.js", (route) => route.abort());
  await ready(page);
  await fieldOf(page, "Policy").fill("version: STSv1\nmode: Enforce\nmx: mx.example.com\nmax_age: 604800\n");
  await page.getByRole("button", { name: "Policy, line 2" }).click();
  const selected = () =>
    fieldOf(page, "Policy").evaluate((field) => {
      const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
  await eventually(async () => assert.equal(await selected(), "Enforce"));
  await page.getByRole("region", { name: "Findings" }).locator("button.fix").first().click();
  await holds(page, "Policy", /mode: enforce/);
});
