// Pictures of every page in every size, palette and language, for a human to look at: `npm run pictures`. They land in
// end2end/screenshots/matrix/, are overwritten by each run and never compared; what can be checked is in layout.spec.ts.
import { home, nameOf, OF_OPERATORS, OF_STRANGERS, settled } from "../support/pages.ts";
import type { Page } from "@playwright/test";
import { test } from "../support/test.ts";

const WIDTHS = [360, 768, 1280];
const HEIGHTS: Record<number, number> = { 360: 780, 768: 1024, 1280: 800 };

for (const locale of ["ko", "en"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme, expectedComplaints: /\b404\b/ });

      test("every page", async ({ page, house }) => {
        test.setTimeout(600_000);
        const take = async (page: Page, who: string, path: string) => {
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: HEIGHTS[width] });
            await page.goto(house.url + path);
            await settled(page);
            const file = `${width}-${locale}-${colorScheme}-${who}-${nameOf(path)}.png`;
            await page.screenshot({ path: `screenshots/matrix/${file}`, fullPage: true, animations: "disabled" });
          }
        };
        await take(page, "example", "/");
        await house.signIn(page, await house.operator("vera"));
        for (const path of ["/", ...OF_OPERATORS]) await take(page, "empty", path);
        await page.context().clearCookies();
        const { owner, paths } = await home(house);
        for (const path of OF_STRANGERS) await take(page, "stranger", path);
        await house.signIn(page, owner);
        for (const path of paths) await take(page, "owner", path);
      });
    });
  }
}
