// An old value must never pass for the present one.
import { expect, test } from "../support/test.ts";

const HOUR = 3_600_000;

test("a value of an hour ago is greyed, claims nothing, and once the device is gone the words say since when", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { at: Date.now() - HOUR, t: 19.6, h: 52 });
  await house.signIn(page, owner);
  await page.goto(house.url);

  const card = page.locator(`[data-serial="${device.serial}"]`);
  await expect(card).toContainText("19.6");
  await expect(card).toHaveClass(/stale/);
  // The server has only just begun to listen: the silence may be its own.
  await expect(card).toContainText("1시간 전");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("방들의 소식을 기다리고 있어요");

  await house.publish(device, { online: false }, "mqttv5", "status");
  await page.reload();
  await expect(card).toContainText("1시간째 소식이 없어요");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("소식이 없어요");

  await house.publish(device, { t: 20.4, h: 51 });
  await expect(card).toContainText("20.4");
  await expect(card).not.toHaveClass(/stale/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("집은 괜찮아요");
});

test("a device that never spoke is awaited, not shown as zero", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.signIn(page, owner);
  await page.goto(house.url);

  const card = page.locator(`[data-serial="${device.serial}"]`);
  await expect(card).toContainText("첫 소식을 기다려요");
  await expect(card.locator(".reading")).not.toContainText("0");
});
