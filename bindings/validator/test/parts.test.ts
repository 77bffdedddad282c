import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import type { Locator, Page } from "playwright-core";

import { obstacles } from "./axe.ts";
import { eventually, holds, noBrowser, openPage, openView, VIEWS } from "./browser.ts";
import { EXAMPLE, startResolver } from "./resolver.ts";

const POLICY = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n";

const lookup = (page: Page): Locator => page.locator(".lookup");

async function lookUp(page: Page, domain: string, resolver: string): Promise<void> {
  await lookup(page).getByLabel("Domain").fill(domain);
  await lookup(page).getByLabel("Resolver", { exact: true }).selectOption("own");
  await lookup(page).getByLabel("URL of the resolver").fill(resolver);
  await lookup(page).getByRole("button", { name: "Look up" }).click();
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.getByLabel("Paste anything").focus();
  await page.keyboard.press("Control+V");
}

const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

test("a lookup asks the resolver that was chosen, and nobody before", { skip: noBrowser }, async (t) => {
  const resolver = await startResolver(t, EXAMPLE);
  const { page, requests, errors } = await openPage();
  await page.getByText("nothing leaves this page").waitFor();
  assert.equal(requests.length, 0);
  await lookUp(page, "Example.com", resolver.url);
  await lookup(page).getByText("v=STSv1; id=20261128;").waitFor();
  await holds(page, "TXT record", "v=STSv1; id=20261128;");
  await holds(page, "MX hosts", "10 mx1.example.com\n20 mx2.example.com");
  await holds(page, "TLSRPT record", "v=TLSRPTv1; rua=mailto:tls@example.com");
  // The policy is not to be had from here, so the page says how.
  await lookup(page).getByText("curl -si https://mta-sts.example.com/.well-known/mta-sts.txt").first().waitFor();
  assert.ok(requests.every((url) => url.startsWith(resolver.url)), requests.join("\n"));
  assert.deepEqual(errors, []);
});

test("a resolver's failures are told with what to do", { skip: noBrowser }, async (t) => {
  const { page } = await openPage();
  const broken = await startResolver(t, EXAMPLE, (request) => request.socket.destroy());
  await lookUp(page, "example.com", broken.url);
  await lookup(page).getByText(/cannot be reached/).waitFor();
  await lookup(page).getByText(/commands below/).waitFor();

  const servfail = await startResolver(t, { ...EXAMPLE, rcodes: { "_mta-sts.example.com": 2 } });
  await lookUp(page, "example.com", servfail.url);
  await lookup(page).getByText(/SERVFAIL/).waitFor();
  await lookup(page).getByText(/DNSSEC signatures/).waitFor();

  const silent = await startResolver(t, EXAMPLE, () => {});
  await lookUp(page, "example.com", silent.url);
  await lookup(page).getByRole("button", { name: "Stop" }).click();
  await lookup(page).getByText("Stopped").waitFor();

  for (const [domain, url, label, reason] of [
    ["192.0.2.1", broken.url, "Domain", /address/i],
    ["", broken.url, "Domain", /Enter a mail domain/],
    ["example.com", "http://dns.example/", "URL of the resolver", /https:/],
  ] as const) {
    await lookUp(page, domain, url);
    const wrong = lookup(page).getByLabel(label);
    await lookup(page).locator(".field-error").filter({ hasText: reason }).waitFor();
    assert.equal(await wrong.getAttribute("aria-invalid"), "true");
    const hasFocus = () => wrong.evaluate((element) => element === document.activeElement);
    await eventually(async () => assert.ok(await hasFocus(), `${label} has the focus`));
  }
});

test("the output of dig and curl lands in the fields", { skip: noBrowser }, async () => {
  const { page, errors, requests } = await openPage(CLIPBOARD);
  await page.getByLabel("Paste anything").waitFor();
  await paste(
    page,
    `$ dig +noall +answer TXT _mta-sts.example.com
_mta-sts.example.com.\t300\tIN\tTXT\t"v=STSv1; " "id=1;"
$ dig +short MX example.com
10 mx1.example.com.
20 mx2.example.com.
$ curl -si https://mta-sts.example.com/.well-known/mta-sts.txt
HTTP/1.1 200 OK\r
Content-Type: text/plain\r
\r
${POLICY}`,
  );
  await page.getByText(/^Read the MTA-STS record, the policy with the web server’s header and 2 MX hosts of example\.com/).waitFor();
  assert.equal(await lookup(page).getByLabel("Domain").inputValue(), "example.com");
  await holds(page, "TXT record", "v=STSv1; id=1;");
  await holds(page, "MX hosts", "10 mx1.example.com\n20 mx2.example.com");
  await holds(page, "HTTP header", "HTTP 200\nContent-Type: text/plain");
  await holds(page, "Policy", POLICY);
  assert.deepEqual([errors, requests], [[], []]);
});

test("what cannot be read is said, and changes nothing", { skip: noBrowser }, async () => {
  const { page } = await openPage(CLIPBOARD);
  await page.getByLabel("Paste anything").waitFor();
  await paste(page, "v=STSv1; id=1;");
  await page.getByText("Read the MTA-STS record.").waitFor();
  await paste(page, "<b>Dear all,</b> mail does not arrive any more.");
  await page.getByText(/neither a policy nor a record/).waitFor();
  const chooser = page.locator(".paste input[type=file]");
  await chooser.setInputFiles({ name: "a.bin", mimeType: "application/octet-stream", buffer: Buffer.from([0x7f, 0x45, 0, 0, 1]) });
  await page.getByText("This is a binary file").waitFor();
  await chooser.setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.alloc(4_000_000, "a") });
  await page.getByText(/at most 256 KiB/).waitFor();
  await holds(page, "TXT record", "v=STSv1; id=1;");
  await chooser.setInputFiles({ name: "mta-sts.txt", mimeType: "text/plain", buffer: Buffer.from(POLICY) });
  await page.getByText("Read the policy.").waitFor();
});

test("what is generated is without faults, and can be taken home", { skip: noBrowser }, async () => {
  const { page, errors, requests } = await openPage();
  const view = await openView(page, "Write a policy");
  await view.getByRole("textbox", { name: "Domain" }).fill("example.com");
  await view.getByLabel("MX hosts").fill("mx1.example.com\n<b>mx2</b>");
  await view.getByText("“<b>mx2</b>”").waitFor();
  await view.getByLabel("MX hosts").fill("10 mx1.example.com.\n20 mx2.example.com.");
  await view.getByRole("radio", { name: /enforce/ }).check();
  await view.getByLabel("Senders keep the policy for").selectOption({ label: "30 days" });
  await view.getByLabel("Reports go to").fill("tls-reports@example.com");
  await view.getByText("location = /.well-known/mta-sts.txt").waitFor();
  await view.getByRole("radio", { name: "Apache" }).check();
  await view.getByText("<VirtualHost *:443>").waitFor();
  await view.getByRole("radio", { name: "Zone file" }).first().check();
  await view.getByText(/^_mta-sts\.example\.com\. 3600 IN TXT/).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), view.getByRole("button", { name: /Download/ }).click()]);
  assert.equal(file.suggestedFilename(), "mta-sts.txt");
  assert.equal(
    readFileSync(await file.path(), "utf8"),
    "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 2592000\n",
  );
  await view.getByRole("button", { name: "Check this" }).click();
  await page.getByRole("tab", { name: "Check", selected: true }).waitFor();
  await page.getByText("OK secure match=mx1.example.com:mx2.example.com").first().waitFor();
  assert.equal(await page.locator(".finding.error, .finding.warning").count(), 0);
  assert.deepEqual([errors, requests], [[], []]);
});

test("the timeline tells each story", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage(CLIPBOARD);
  await page.getByLabel("Paste anything").waitFor();
  const view = await openView(page, "As time goes by");
  await view.getByText("Enter the policy").waitFor();
  await paste(page, `_mta-sts.example.com. 3600 IN TXT "v=STSv1; id=1;"\n${POLICY}`);
  await view.getByText(/It fetches the new policy and keeps it until/).waitFor();
  for (const [scenario, told] of [
    ["The policy host is down", [/stops answering/, /look for a newer policy fails/, /administrator is warned/, /has expired/, /is back/]],
    ["Everything is removed", [/You remove/, /has expired/]],
    ["The policy is withdrawn", [/It fetches mode none/, /Every policy from before has expired/]],
    ["The id changes", [/TTL has passed/, /fetches the new policy/]],
  ] as const) {
    await view.getByRole("radio", { name: scenario }).check();
    for (const text of told) await view.getByText(text).first().waitFor();
  }
  assert.deepEqual(errors, []);
});

test("paste, timeline and generator work without a mouse", { skip: noBrowser }, async () => {
  const { page } = await openPage();
  const label = (): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: element } = document;
      if (element === document.body) return "";
      return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
        ? (element.labels?.[0]?.textContent ?? "")
        : (element?.textContent ?? "");
    });
  const tabTo = async (wanted: RegExp): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      if (wanted.test(await label())) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${wanted} is not reached`);
  };
  await page.getByLabel("Paste anything").waitFor();
  await tabTo(/Paste anything/);
  await page.keyboard.type(POLICY);
  await tabTo(/^Read it$/);
  await page.keyboard.press("Enter");
  await page.getByText("Read the policy.").waitFor();
  await tabTo(/^Check$/);
  await page.keyboard.press("ArrowRight");
  await page.getByText("You publish a new policy, and then a new id").waitFor();
  await tabTo(/The id changes/);
  await page.keyboard.press("ArrowDown");
  await page.getByText("The policy host stops answering.").waitFor();
  await page.keyboard.press("Shift+Tab");
  await tabTo(/As time goes by/);
  await page.keyboard.press("ArrowRight");
  await tabTo(/^Domain$/);
  await page.keyboard.type("example.com");
  await page.getByText("location = /.well-known/mta-sts.txt").waitFor();
  await tabTo(/^nginx$/);
  await page.keyboard.press("ArrowRight");
  await page.getByText("<VirtualHost *:443>").waitFor();
});

test("nothing is in anybody's way, in light and dark and on a phone", { skip: noBrowser }, async (t) => {
  const resolver = await startResolver(t, { ...EXAMPLE, rcodes: { "_smtp._tls.example.com": 2 } });
  for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 360]] as const) {
    const { page, errors } = await openPage({ ...CLIPBOARD, colorScheme, viewport: { width, height: 800 } });
    await lookUp(page, "example.com", resolver.url);
    await lookup(page).getByText("v=STSv1; id=20261128;").waitFor();
    await paste(page, POLICY);
    await page.getByText("Read the policy.").waitFor();
    await page.locator(".lookup summary").click();
    for (const view of VIEWS) {
      await openView(page, view);
      assert.deepEqual(await obstacles(page), [], `${view}, ${colorScheme}, ${width}`);
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.equal(isWider, false, `${view} scrolls sideways at ${width}`);
      const { SCREENSHOTS } = process.env;
      if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${view.replaceAll(" ", "-")}-${colorScheme}-${width}.png`, fullPage: true });
    }
    assert.deepEqual(errors, []);
  }
});
