// When the server is gone: the last known values with their age, never taken for present ones, of nobody who has left.
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { House, SITE } from "../support/house.ts";
import { expect, test } from "../support/test.ts";

// What Chromium has to say about a server that was stopped on purpose.
test.use({ expectedComplaints: /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED|ERR_FAILED/ });

/** The worker is there and the page's values are kept. */
async function kept(page: Page, value?: string): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
    }
  });
  if (value === undefined) return;
  const text = () => page.evaluate(async () => (await (await caches.match("/kept"))?.text()) ?? "");
  await expect.poll(text).toContain(value);
}

test("the last known values are shown with their age, and the page comes back by itself", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { t: 20.1, h: 40 });
  await house.signIn(page, owner);
  await page.goto(house.url);
  await expect(page.locator("[data-link=open]")).toBeVisible();
  await house.publish(device, { t: 23.4, h: 58 });
  await kept(page, "23.4");

  await house.close();
  await page.goto(house.url);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("지금은 연결할 수 없어요");
  const card = page.locator(".card");
  await expect(card).toContainText("23.4");
  await expect(card).toContainText("58");
  await expect(card).toContainText(/전/);
  await expect(card).toHaveClass(/stale/);

  await house.open();
  await page.getByRole("button", { name: "다시 해 보기" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("집은 괜찮아요");
});

test("nothing is left of whoever signs out", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { t: 20.1, h: 40 });
  await house.signIn(page, owner);
  await page.goto(house.url);
  await kept(page, "20.1");
  await page.getByRole("button", { name: "로그아웃" }).click();
  await expect(page.getByRole("link", { name: "시작하기" })).toBeVisible();
  await expect.poll(() => page.evaluate(() => caches.has("kept"))).toBe(false);

  await house.close();
  await page.goto(house.url);
  await expect(page.getByText("이 기기에 남겨 둔 값이 없어요")).toBeVisible();
  await expect(page.locator(".card")).toHaveCount(0);
});

test("whoever signs in next finds only their own values", async ({ page, house }) => {
  const [one, other] = [await house.person("one"), await house.person("other")];
  const [device, another] = [await house.device(one), await house.device(other)];
  await house.publish(device, { t: 18.1, h: 40 });
  await house.publish(another, { t: 25.9, h: 60 });
  await house.signIn(page, one);
  await page.goto(house.url);
  await kept(page, "18.1");
  await house.signIn(page, other);
  await page.goto(`${house.url}/devices/${another.serial}`);
  await kept(page, "25.9");
  await expect(page.locator("#rooms")).toHaveCount(1);

  await house.close();
  await page.goto(house.url);
  await expect(page.locator(".card")).toHaveCount(1);
  await expect(page.locator(".card")).toContainText("25.9");
});

test("no page of anybody is in any cache", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { t: 20.1, h: 40 });
  await house.signIn(page, owner);
  await page.goto(house.url);
  await kept(page, "20.1");
  await page.goto(`${house.url}/settings`);
  const pages = await page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        const kind = answer?.headers.get("Content-Type") ?? "";
        if (kind.includes("html")) found.push({ url: request.url, text: (await answer?.text()) ?? "" });
      }
    }
    return found;
  });
  expect(pages.map(({ url }) => new URL(url).pathname + new URL(url).search).sort()).toEqual(["/offline?en", "/offline?ko"]);
  for (const { text } of pages) expect(text).not.toContain(owner.email);
});

test("files of an edition are asked for once, and never again", async ({ page, house }) => {
  await page.goto(house.url);
  await kept(page);
  const path = await page.evaluate(() => document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.href ?? "");
  expect(path).toContain("/v/");
  const answer = await page.request.get(path);
  expect(answer.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
  const old = await page.request.get(path.replace(/\/v\/[^/]+/, "/v/before"));
  expect(old.headers()["cache-control"]).toBe("no-cache");
});

test("a newer edition is offered quietly, and taken when it is wanted", async ({ page }) => {
  const site = await mkdtemp(join(tmpdir(), "templog-site-"));
  await cp(SITE, site, { recursive: true });
  const house = await House.start("embedded", { TEMPLOG_SITE_DIR: site });
  await page.goto(house.url);
  await kept(page);
  const toast = page.getByText("새 버전이 있어요");
  await expect(toast).toBeHidden();

  await writeFile(join(site, "one-more-file.txt"), "newer");
  await house.close();
  await house.open();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(toast).toBeVisible();
  const before = await page.locator("html").getAttribute("data-files");
  await page.getByRole("button", { name: "새로고침" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-files", before ?? "");
  await expect(toast).toBeHidden();
  await page.close();
  await house.tearDown();
  await rm(site, { recursive: true });
});
