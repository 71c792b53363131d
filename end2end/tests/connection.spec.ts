// When the server goes away the page says so, and when it is back the page catches up by itself.
import { expect, test } from "../support/test.ts";

test.use({
  // What Chromium has to say about a server that was stopped on purpose.
  expectedComplaints: /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/,
});

test("a lost connection is told, and mended without a reload", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { t: 20.1, h: 40 });
  await house.signIn(page, owner);
  await page.goto(house.url);
  await expect(page.locator("[data-link=open]")).toBeVisible();
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));

  await house.close();
  await expect(page.getByRole("status").filter({ hasText: "연결 끊김 — 다시 연결 중" })).toBeVisible();
  await expect(page.locator(`[data-serial="${device.serial}"]`)).toContainText("20.1");

  await house.open();
  await house.publish(device, { t: 22.7, h: 41 });
  await expect(page.locator("[data-link=open]")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("연결 끊김 — 다시 연결 중")).toHaveCount(0);
  await expect(page.locator(`[data-serial="${device.serial}"]`)).toContainText("22.7");
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
});
