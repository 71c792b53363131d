// Every page, in both languages and both palettes: nothing that axe can find, nothing that scrolls sideways.
// (The ear of support/test.ts is on here as everywhere: no console error, no hydration mismatch.)
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { home, OF_OPERATORS, OF_STRANGERS, settled } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function examine(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(found, `axe on ${page.url()}`).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways, `${page.url()} scrolls sideways by so many pixels`).toBeLessThanOrEqual(0);
}

async function examineAll(page: Page, url: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(url + path);
    await settled(page);
    await examine(page);
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["ko-KR", "en-GB"]) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ colorScheme, locale, expectedComplaints: /\b404\b/ });

      test("pages of a stranger", async ({ page, house }) => {
        await examineAll(page, house.url, OF_STRANGERS);
      });

      test("pages of an owner", async ({ page, house }) => {
        test.slow();
        const { owner, paths } = await home(house);
        await house.signIn(page, owner);
        await examineAll(page, house.url, [...paths, "/devices/TL-00000000"]);
      });

      test("an empty home and the operators' page", async ({ page, house }) => {
        await house.signIn(page, await house.operator("vera"));
        await page.goto(house.url);
        await page.locator("summary").click();
        await examine(page);
        await examineAll(page, house.url, ["/compare", "/settings/family", ...OF_OPERATORS]);
      });
    });
  }
}
