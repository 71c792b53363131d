// Pictures of every page for a human to look at: end2end/screenshots/, overwritten by each run, never compared.
import { expect, test } from "../support/test.ts";

const LIGHTS = { ko: "light", en: "dark" } as const;

for (const [language, colorScheme] of Object.entries(LIGHTS)) {
  test.describe(`${language}, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme });

    test("pictures are taken", async ({ page, house }, { project }) => {
      const { owner, devices } = await house.demo();
      const take = (name: string) => {
        const path = `screenshots/${project.name}-${name}-${language}-${colorScheme}.png`;
        return page.screenshot({ path, fullPage: true, animations: "disabled" });
      };
      await page.goto(house.url);
      await take("landing");
      await page.goto(`${house.url}/sign-in`);
      await take("sign-in");

      await house.signIn(page, owner);
      await page.goto(house.url);
      await expect(page.locator("[data-link=open]")).toBeVisible();
      for (const device of devices) await house.publish(device, { t: 22.4, h: 51 });
      await expect(page.getByText("22.4").first()).toBeVisible();
      await take("home");
      await page.goto(`${house.url}/devices/${devices[0].serial}`);
      await expect(page.locator("[data-link=open]")).toBeVisible();
      await expect(page.locator("figure.chart--drawn")).toHaveCount(2);
      await take("room");
      await page.goto(`${house.url}/devices/${devices[0].serial}/history?days=90`);
      await expect(page.locator("figure.chart--drawn")).toHaveCount(1);
      await take("history");
      await page.goto(`${house.url}/compare?days=90&metric=h`);
      await expect(page.locator("figure.chart--drawn")).toHaveCount(1);
      await take("compare");
    });
  });
}
