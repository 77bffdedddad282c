import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";

import type { Page } from "playwright-core";

import { obstacles } from "./axe.ts";
import { eventually, fieldOf, FIELDS, focusEditor, holds, noBrowser, openPage, openView, ready, textOf, VIEWS } from "./browser.ts";

const GOOD = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 2592000\n";

const verdict = (page: Page) => page.getByRole("region", { name: "What senders do now" });
const findings = (page: Page) => page.getByRole("region", { name: "Findings" });

async function enter(page: Page, name: string, text: string): Promise<void> {
  await focusEditor(page, name);
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

test("what is entered is mended by the buttons until senders are content", { skip: noBrowser }, async () => {
  const { page, errors, requests } = await openPage();
  await ready(page);
  await page.getByLabel("Domain", { exact: true }).first().fill("example.com");
  await enter(page, "TXT record", "v=STSv1; id=2026-11-28");
  await enter(page, "Policy", "version: STSv1\nmode: Enforce\nmx: mx1.example.com.\nmax_age: 2592000\n");
  await enter(page, "MX hosts", "10 mx1.example.com");
  await verdict(page).locator(".verdict-word").getByText("Not protected").waitFor();
  await findings(page).getByText("txt-id-character").waitFor();
  const fixes = findings(page).locator("li.error button.fix");
  for (let left = await fixes.count(); left > 0; left = await fixes.count()) {
    await fixes.first().click();
    await eventually(async () => assert.ok((await fixes.count()) < left, await findings(page).innerText()));
  }
  await verdict(page).getByText("Protected, as far as checked").waitFor();
  await holds(page, "TXT record", "v=STSv1; id=20261128");
  await verdict(page).getByText(/OK secure match=mx1\.example\.com servername=hostname/).first().waitFor();
  // What no page can check is never taken to be right.
  await page.getByRole("region", { name: "Not checked" }).getByText("Certificate of the policy host").waitFor();
  // Undoing is the editor's affair.
  await fieldOf(page, "TXT record").focus();
  await page.keyboard.press("Control+Z");
  await holds(page, "TXT record", "v=STSv1; id=2026-11-28");
  assert.deepEqual([errors, requests], [[], []]);
});

test("a fix is undone by itself, however soon after the typing it was made", { skip: noBrowser }, async () => {
  const { page } = await openPage();
  await ready(page);
  // No time passes, as if the reader were infinitely fast.
  await page.clock.setFixedTime(Date.UTC(2026, 10, 28));
  await enter(page, "TXT record", "v=STSv1; id=2026-11-28;");
  await findings(page).getByRole("button", { name: "Keep letters and digits only" }).click();
  await holds(page, "TXT record", "v=STSv1; id=20261128;");
  await fieldOf(page, "TXT record").focus();
  await page.keyboard.type(" ");
  await page.keyboard.press("Control+Z");
  await holds(page, "TXT record", "v=STSv1; id=20261128;");
  await page.keyboard.press("Control+Z");
  await holds(page, "TXT record", "v=STSv1; id=2026-11-28;");
  await page.keyboard.press("Control+Z");
  await holds(page, "TXT record", "");
});

test("all fixes are made at once", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  await page.getByRole("button", { name: "with common mistakes" }).click();
  await verdict(page).locator(".verdict-word").getByText("Not protected").waitFor();
  await page.getByRole("button", { name: /^Fix all/ }).click();
  await page.getByText(/^(One fix|\d+ fixes) made\.$/).waitFor();
  await findings(page).locator("li.error button.fix").first().waitFor({ state: "detached" });
  await holds(page, "Policy", /^version: STSv1\nmode: enforce\n/);
  assert.deepEqual(errors, []);
});

test("a finding leads to its characters, which are underlined", { skip: noBrowser }, async () => {
  const { page } = await openPage();
  await ready(page);
  await enter(page, "Policy", GOOD.replace("enforce", "Enforce"));
  await page.locator(".cm-lintRange-error").getByText("Enforce").waitFor();
  await findings(page).getByRole("button", { name: "Policy, line 2" }).first().click();
  const selected = () =>
    page.evaluate(() => {
      const root = document.activeElement?.shadowRoot as (ShadowRoot & { getSelection?(): Selection }) | null | undefined;
      return (root?.getSelection?.() ?? getSelection())?.toString();
    });
  await eventually(async () => assert.equal(await selected(), "Enforce"));
  await page.locator(".cm-lintRange-error").hover();
  await page.locator(".cm-tooltip").getByText("policy-mode").first().waitFor();
  await page.locator(".cm-tooltip").getByRole("button").first().click();
  await holds(page, "Policy", GOOD);
});

test("a link carries everything, and nothing is sent", { skip: noBrowser }, async () => {
  const { page, requests } = await openPage({ permissions: ["clipboard-read", "clipboard-write"] });
  await ready(page);
  await page.getByRole("button", { name: "in good order" }).click();
  await page.getByLabel("Try the name of an MX host").fill("b.mail.example.net");
  await openView(page, "As time goes by");
  await page.getByRole("button", { name: /^Copy link/ }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.length < 700, `${link.length} characters`);

  const { page: other, errors } = await openPage({ fragment: new URL(link).hash.slice(1) });
  await other.getByRole("tab", { name: "As time goes by", selected: true }).waitFor();
  await openView(other, "Check");
  await openView(page, "Check");
  for (const name of FIELDS) {
    await holds(other, name, await textOf(page, name));
  }
  await other.getByText("Matched by *.mail.example.net").waitFor();
  await eventually(async () => assert.equal(await verdict(other).innerText(), await verdict(page).innerText()));
  assert.deepEqual([errors, requests], [[], []]);

  // A link that is opened in a page that is open already.
  await other.evaluate(() => (location.hash = "1garbage"));
  await other.getByText("The link is damaged").waitFor();
  await other.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await other.getByRole("tab", { name: "As time goes by", selected: true }).waitFor();
});

test("a link has what was changed while the address was being written", { skip: noBrowser }, async () => {
  const { page } = await openPage({ permissions: ["clipboard-read", "clipboard-write"] });
  await ready(page);
  await page.getByRole("button", { name: "in good order" }).click();
  await page.waitForURL(/#1/);
  await page.evaluate(() => {
    const buttons = [...document.querySelectorAll("button")];
    const handlers: TimerHandler[] = [];
    const { setTimeout: later } = window;
    window.setTimeout = ((handler: TimerHandler) => handlers.push(handler)) as typeof setTimeout;
    buttons.find(({ innerText }) => innerText === "As time goes by")?.click();
    window.setTimeout = later;
    buttons.find(({ innerText }) => innerText === "Copy link")?.click();
    for (const handler of handlers) if (typeof handler === "function") handler();
  });
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const { page: other } = await openPage({ fragment: new URL(link).hash.slice(1) });
  await other.getByRole("tab", { name: "As time goes by", selected: true }).waitFor();
});

test("a link opens again while what was changed since is being written", { skip: noBrowser }, async () => {
  const { page } = await openPage();
  await ready(page);
  await page.getByRole("button", { name: "in good order" }).click();
  await page.waitForURL(/#1/);
  await page.evaluate(() => {
    const { hash } = location;
    const tabs = document.querySelectorAll<HTMLElement>("[role=tab]");
    history.replaceState(null, "", "#");
    tabs.item(1).click();
    location.hash = hash;
  });
  await page.getByRole("tab", { name: "Check", selected: true }).waitFor();
});

test("what was there before comes back", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  await page.getByRole("button", { name: "with common mistakes" }).click();
  await page.waitForURL(/#1/);
  const mistakes = page.url();
  await page.getByRole("button", { name: "in good order" }).click();
  await page.waitForURL((url) => url.href !== mistakes);
  await page.getByRole("button", { name: "Start afresh" }).click();
  await verdict(page).getByText("Nothing to judge yet").waitFor();
  await page.waitForURL((url) => url.hash === "");
  await page.goBack();
  await verdict(page).getByText("Protected, as far as checked").waitFor();
  await page.goBack();
  await verdict(page).locator(".verdict-word").getByText("Not protected").waitFor();
  assert.deepEqual(errors, []);
});

test("links made to do harm do none", { skip: noBrowser }, async () => {
  const fragment = (value: unknown): string => `1${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;
  const hostile = [
    fragment({ policy: "x".repeat(300_000_000) }),
    fragment({ policy: 7, domain: ["a"], known: { txt: { records: [{ a: 1 }] } }, view: "__proto__" }),
    fragment({ txt: "v=STSv1; id=1;", known: { mx: { hosts: "<img src=x onerror=hacked()>" } } }),
    fragment([]),
    fragment(null),
    "1",
    "<script>hacked()</script>",
  ];
  for (const one of hostile) {
    const { page, errors } = await openPage({ fragment: one });
    await ready(page);
    await page.getByLabel("Domain", { exact: true }).first().fill("example.com");
    assert.deepEqual(errors, [], one.slice(0, 40));
    await page.context().close();
  }
});

test("the keyboard is enough", { skip: noBrowser }, async () => {
  const { page, errors } = await openPage();
  await ready(page);
  const press = async (key: string, until: () => Promise<boolean>): Promise<void> => {
    for (let left = 60; !(await until()); left--) {
      assert.ok(left > 0, `${key} does not lead there`);
      await page.keyboard.press(key);
    }
  };
  const isIn = (name: string) => async () =>
    page.evaluate((name) => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const label = element?.getAttribute("aria-label") ?? (element as HTMLTextAreaElement | null)?.labels?.[0]?.textContent ?? element?.textContent;
      return label?.startsWith(name) ?? false;
    }, name);
  await press("Tab", isIn("Domain"));
  await page.keyboard.type("example.com");
  await press("Tab", isIn("TXT record"));
  await page.locator(".cm-editor.cm-focused").waitFor();
  await page.keyboard.type("v=STSv1; id=a-b;");
  await press("Tab", isIn("Policy"));
  await page.keyboard.type(GOOD.trimEnd());
  await press("Tab", isIn("MX hosts"));
  await page.keyboard.type("mx1.example.com");
  await press("Tab", isIn("Keep letters and digits only"));
  await page.keyboard.press("Enter");
  await verdict(page).getByText("Protected, as far as checked").waitFor();
  await press("Shift+Tab", isIn("Check"));
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "As time goes by", selected: true }).waitFor();
  await page.keyboard.press("End");
  await page.getByRole("tab", { name: "Write a policy", selected: true }).waitFor();
  // Whatever has the focus can be seen to have it.
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
      return document.activeElement === document.body ? "body" : `${outlineStyle} ${outlineWidth}`;
    });
    assert.doesNotMatch(outline, /^none| 0px$/);
  }
  assert.deepEqual(errors, []);
});

test("light and dark, as the system has it or as the reader says", { skip: noBrowser }, async () => {
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const { page: light } = await openPage({ colorScheme: "light" });
  const { page: dark } = await openPage({ colorScheme: "dark" });
  await ready(light);
  await ready(dark);
  const [paper, night] = [await ground(light), await ground(dark)];
  assert.notEqual(paper, night);
  await light.getByLabel("Colours").selectOption("dark");
  await eventually(async () => assert.equal(await ground(light), night));
  await light.reload();
  await ready(light);
  assert.equal(await ground(light), night);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`nothing is in the way of anybody: ${colorScheme}`, { skip: noBrowser }, async () => {
    const { page } = await openPage({ colorScheme });
    await ready(page);
    assert.deepEqual(await obstacles(page), []);
    for (const example of ["in good order", "with common mistakes"]) {
      await page.getByRole("button", { name: example }).click();
      await fieldOf(page, "Policy").focus();
      await page.locator(".cm-editor").first().waitFor();
      for (const view of VIEWS) {
        await openView(page, view);
        assert.deepEqual(await obstacles(page), [], `${example}, ${view}`);
      }
    }
  });
}

test("a phone's width is enough", { skip: noBrowser }, async () => {
  const { page } = await openPage({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await ready(page);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await width(), 360);
  for (const example of ["with common mistakes", "in good order"]) {
    await page.getByRole("button", { name: example }).click();
    for (const view of VIEWS) {
      await openView(page, view);
      assert.equal(await width(), 360, `${example}, ${view}`);
    }
  }
});

test("how soon the page can be used", { skip: noBrowser }, async (t) => {
  const { page } = await openPage();
  await ready(page);
  const [mark] = await page.evaluate(() => performance.getEntriesByName("interactive").map(({ startTime }) => startTime));
  assert.ok(mark !== undefined);
  t.diagnostic(`interactive after ${Math.round(mark)} ms`);
});

test("the page works from a disk", { skip: noBrowser }, async () => {
  const { page, errors, requests } = await openPage({ fromDisk: true });
  await ready(page);
  await page.getByRole("button", { name: "in good order" }).click();
  await verdict(page).getByText("Protected, as far as checked").waitFor();
  await page.waitForURL(/#1/);
  const example = page.url();
  await enter(page, "Policy", GOOD.replace("enforce", "testing"));
  await verdict(page).getByText("only reported").waitFor();
  const before = await verdict(page).innerText();
  await page.waitForURL((url) => url.href !== example);
  await page.reload();
  await verdict(page).getByText("only reported").waitFor();
  await eventually(async () => assert.equal(await verdict(page).innerText(), before));
  assert.deepEqual([errors, requests], [[], []]);
});
