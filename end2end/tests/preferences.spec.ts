// Language and colours: plain forms again, remembered by a cookie.
import { expect, test } from "../support/test.ts";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("the language is the browser's until another is chosen", async ({ page, house }) => {
      await page.goto(`${house.url}/sign-in`);
      await expect(page.locator("html")).toHaveAttribute("lang", "ko");
      await expect(page.getByLabel("비밀번호")).toBeVisible();

      await page.getByRole("button", { name: "English" }).click();
      await expect(page).toHaveURL(`${house.url}/sign-in`);
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
      await expect(page.getByLabel("Password")).toBeVisible();
      await page.reload();
      await expect(page.getByLabel("Password")).toBeVisible();
    });

    test("the colours are the device's until others are chosen", async ({ page, house }) => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(`${house.url}/sign-in`);
      await expect.poll(background).not.toBe("rgba(0, 0, 0, 0)");
      const light = await background();
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await background();
      expect(dark).not.toBe(light);

      await page.getByRole("button", { name: "밝게" }).click();
      await expect(page.getByRole("button", { name: "밝게" })).toHaveAttribute("aria-pressed", "true");
      await expect.poll(background).toBe(light);

      await page.emulateMedia({ colorScheme: "light" });
      await page.getByRole("button", { name: "어둡게" }).click();
      await expect(page.getByRole("button", { name: "어둡게" })).toHaveAttribute("aria-pressed", "true");
      await expect.poll(background).toBe(dark);
    });
  });
}

test.describe("an English browser", () => {
  test.use({ locale: "en-GB" });

  test("is answered in English at once", async ({ page, house }) => {
    await page.goto(`${house.url}/sign-in`);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.getByLabel("Password")).toBeVisible();
  });
});
