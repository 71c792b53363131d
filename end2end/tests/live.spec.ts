// The main job: what a device publishes is on an open page within a second, by either door, in either protocol.
import type { Page } from "@playwright/test";
import type { Device, Door, Version } from "../support/house.ts";
import { expect, test } from "../support/test.ts";

const DOORS: Door[] = ["embedded", "mosquitto"];
const SEOUL = { timeZone: "Asia/Seoul" };
const VERSIONS: Version[] = ["mqttv311", "mqttv5"];

/** The page's live socket is open. */
async function live(page: Page): Promise<void> {
  await expect(page.locator("[data-link=open]")).toBeVisible();
}

const card = (page: Page, device: Device) => page.locator(`[data-serial="${device.serial}"]`);

for (const door of DOORS) {
  test.describe(`by the ${door} door`, () => {
    test.use({ door });

    for (const version of VERSIONS) {
      test(`a reading published by ${version} is on the open home within a second`, async ({ page, house }) => {
        const owner = await house.person("owner");
        const device = await house.device(owner);
        await house.publish(device, { t: 20.1, h: 40 }, version);
        await house.signIn(page, owner);
        await page.goto(house.url);
        await expect(card(page, device)).toContainText("20.1");
        await live(page);
        await page.evaluate(() => Object.assign(window, { notReloaded: true }));

        await house.publish(device, { t: 23.4, h: 58.2 }, version);

        await expect(card(page, device)).toContainText("23.4", { timeout: 1_000 });
        await expect(card(page, device)).toContainText("58");
        expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
      });
    }

    test("a reading that the device kept while it was away changes history, not now", async ({ page, house }) => {
      const owner = await house.person("owner");
      const device = await house.device(owner);
      await house.publish(device, { t: 20.1, h: 40 });
      await house.signIn(page, owner);
      await page.goto(house.url);
      await live(page);

      const at = Date.now() - 3_600_000;
      await house.publish(device, { boot: 1, seq: 1, at, t: 17.3, h: 71 });
      await house.publish(device, { t: 20.2, h: 41 });

      await expect(card(page, device)).toContainText("20.2", { timeout: 1_000 });
      await page.reload();
      await expect(card(page, device).locator(".reading")).toContainText("20.2");
      const [from, to] = [at, Date.now()].map((moment) => new Intl.DateTimeFormat("sv-SE", SEOUL).format(moment));
      const path = `/api/v1/devices/${device.serial}/history?from=${from}&to=${to}&step=raw`;
      const history = await (await page.request.get(house.url + path)).json();
      expect(history.points.map((point: { t: { avg: number } }) => point.t.avg)).toEqual([17.3, 20.1, 20.2]);
    });
  });
}

test("an open room follows its device, too", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { t: 20.1, h: 40 });
  await house.signIn(page, owner);
  await page.goto(`${house.url}/devices/${device.serial}`);
  await expect(page.locator("main .reading")).toContainText("20.1");
  await live(page);

  await house.publish(device, { t: 22.9, h: 44 });

  await expect(page.locator("main .reading")).toContainText("22.9", { timeout: 1_000 });
});

test("two rooms are told apart", async ({ page, house }) => {
  const owner = await house.person("owner");
  const [one, other] = [await house.device(owner), await house.device(owner)];
  await house.publish(one, { t: 18.1, h: 40 });
  await house.publish(other, { t: 25.9, h: 60 });
  await house.signIn(page, owner);
  await page.goto(house.url);
  await live(page);

  await house.publish(other, { t: 26.3, h: 61 });

  await expect(card(page, other)).toContainText("26.3", { timeout: 1_000 });
  await expect(card(page, one)).toContainText("18.1");
});
