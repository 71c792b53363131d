// No page makes the browser complain: not while it is loaded, not when its script comes alive; straight from the server
// and through nginx with the file that people get. (The ear of support/test.ts hears.)
import type { Page } from "@playwright/test";
import { Front } from "../support/front.ts";
import { House } from "../support/house.ts";
import { home, OF_OPERATORS, OF_STRANGERS, settled } from "../support/pages.ts";
import { freePort } from "../support/process.ts";
import { expect, test } from "../support/test.ts";

// Two addresses of the list lead nowhere on purpose.
test.use({ expectedComplaints: /\b404\b/ });

async function walk(page: Page, url: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(url + path);
    await settled(page);
    await expect(page.locator("h1")).toHaveCount(1);
  }
}

async function everyPage(page: Page, house: House, url: string): Promise<void> {
  await walk(page, url, OF_STRANGERS);
  const { owner, paths } = await home(house);
  await house.signIn(page, owner);
  await walk(page, url, paths);
  await house.signIn(page, await house.operator("vera"));
  await walk(page, url, OF_OPERATORS);
}

test("no page complains", async ({ page, house }) => {
  test.slow();
  await everyPage(page, house, house.url);
});

test.describe("over https", () => {
  // Nobody but the test knows this certificate; browsers fetch no worker under such a one.
  test.use({ ignoreHTTPSErrors: true, expectedComplaints: /\b404\b|error occurred when fetching the script/ });

  test("no page complains behind nginx", async ({ page }) => {
    test.slow();
    const port = await freePort();
    const house = await House.start("embedded", {
      TEMPLOG_PUBLIC_URL: `https://localhost:${port}`,
      TEMPLOG_TRUSTED_PROXIES: "127.0.0.1",
    });
    const front = await Front.start(port, house.port);
    await everyPage(page, house, house.url);
    await page.close();
    await front.stop();
    await house.tearDown();
  });
});
