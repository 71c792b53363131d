// Every page, in both languages and both palettes: nothing that axe can find, nothing that scrolls sideways.
// (The ear of support/test.ts is on here as everywhere: no console error, no hydration mismatch.)
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function examine(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(found, `axe on ${page.url()}`).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways, `${page.url()} scrolls sideways by so many pixels`).toBeLessThanOrEqual(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["ko-KR", "en-GB"]) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ colorScheme, locale, expectedComplaints: /\b404\b/ });

      test("pages of a stranger", async ({ page, house }) => {
        for (const path of ["/", "/sign-in", "/sign-up", "/verify", "/forgot-password", "/reset-password", "/no/such/page"]) {
          await page.goto(house.url + path);
          await examine(page);
        }
      });

      test("pages of an owner", async ({ page, house }) => {
        const { owner, devices } = await house.demo();
        await house.publish(devices[0], { t: 22.4, h: 51 });
        await house.signIn(page, owner);
        for (const path of ["/", `/devices/${devices[0].serial}`]) {
          await page.goto(house.url + path);
          await expect(page.locator("[data-link=open]")).toBeVisible();
          await examine(page);
        }
        for (const path of [`/devices/${devices[0].serial}/history`, "/compare"]) {
          await page.goto(house.url + path);
          await examine(page);
        }
        await page.goto(`${house.url}/devices/TL-00000000`);
        await examine(page);
      });

      test("the home of somebody without devices", async ({ page, house }) => {
        await house.signIn(page, await house.person("owner"));
        for (const path of ["/", "/settings", "/settings/account", "/settings/sessions", "/settings/tokens", "/api"]) {
          await page.goto(house.url + path);
          await examine(page);
        }
      });
    });
  }
}
