// The pictures that a browser shows before it installs the app: public/screens/, named by the manifests.
import { resolve } from "node:path";
import { expect, test } from "../support/test.ts";
import { settled } from "../support/pages.ts";

const FOLDER = resolve(import.meta.dirname, "../../public/screens");
const SIZES = { phone: { width: 360, height: 780 }, desktop: { width: 1280, height: 800 } };

for (const locale of ["ko", "en"]) {
  for (const [name, viewport] of Object.entries(SIZES)) {
    test.describe(`${name}, ${locale}`, () => {
      test.use({ locale, viewport, deviceScaleFactor: name === "phone" ? 2 : 1 });

      test("the manifest's pictures", async ({ page, house }) => {
        const { owner, devices } = await house.demo();
        await house.signIn(page, owner);
        await page.goto(house.url);
        await settled(page);
        for (const [at, device] of devices.entries()) await house.publish(device, { t: 22.4 - at, h: 47 + 3 * at });
        await expect(page.getByText("20.4").first()).toBeVisible();
        const shoot = (page: string) => `${FOLDER}/${page}-${name}-${locale}.png`;
        await page.screenshot({ path: shoot("home"), animations: "disabled" });
        if (name !== "phone") return;
        await page.goto(`${house.url}/devices/${devices[0].serial}`);
        await settled(page);
        await expect(page.locator("figure.chart--drawn")).toHaveCount(2);
        await page.screenshot({ path: shoot("room"), animations: "disabled" });
      });
    });
  }
}
