// The room's page: now, today, and the long run, all from what was really measured.
import { expect, test } from "../support/test.ts";

test("a room tells its readings, its day and its long run", async ({ page, house }) => {
  const { owner, devices } = await house.demo();
  await house.signIn(page, owner);
  await page.goto(house.url);
  await expect(page.locator("[data-demo=true]")).toContainText("실제 집에서 기록해 둔 값");
  await expect(page.locator("[data-serial]")).toHaveCount(devices.length);

  await page.getByRole("link", { name: "거실" }).click();
  await expect(page).toHaveURL(/\/devices\/TL-/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("거실");
  await expect(page.locator("[data-demo=true]")).toBeVisible();
  await expect(page.locator("main .reading")).toContainText(/\d\d\.\d/);
});

test("the chart of daily averages is drawn and follows the chosen period", async ({ page, house }) => {
  const { owner } = await house.demo();
  await house.signIn(page, owner);
  await page.goto(house.url);
  await page.getByRole("link", { name: "부엌" }).click();
  await expect(page.locator("main svg path").first()).toBeVisible();

  await page.getByRole("link", { name: "90일" }).click();
  await expect(page.getByRole("link", { name: "90일" })).toHaveAttribute("aria-current", "true");
  await expect(page.locator("main")).toContainText(/90일 (모두|가운데)/);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a room can be read", async ({ page, house }) => {
    const { owner } = await house.demo();
    await house.signIn(page, owner);
    await page.goto(house.url);
    await page.getByRole("link", { name: "욕실" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("욕실");
    await expect(page.locator("main .reading")).toContainText(/\d\d\.\d/);
  });
});
