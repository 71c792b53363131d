// Signing in is a plain form: it must work before, and without, any script.
import { expect, test } from "../support/test.ts";

const REFUSED = "이메일이나 비밀번호가 맞지 않아요.";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a stranger signs in and comes out where they wanted to go", async ({ page, house }) => {
      const owner = await house.person("owner");
      const device = await house.device(owner);
      await house.publish(device, { t: 21.5, h: 48 });

      await page.goto(`${house.url}/devices/${device.serial}`);
      await expect(page).toHaveURL(/\/sign-in\?/);
      await page.getByLabel("이메일").fill(owner.email);
      await page.getByLabel("비밀번호").fill(owner.password);
      await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();

      await expect(page).toHaveURL(`${house.url}/devices/${device.serial}`);
      await expect(page.locator("main")).toContainText("21.5");
    });

    test("a wrong password is refused in words, and the right one then accepted", async ({ page, house }) => {
      const owner = await house.person("owner");
      await page.goto(`${house.url}/sign-in`);
      for (const password of ["not my password", owner.password]) {
        await page.getByLabel("이메일").fill(owner.email);
        await page.getByLabel("비밀번호").fill(password);
        await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
        if (password !== owner.password) await expect(page.getByText(REFUSED)).toBeVisible();
      }
      await expect(page).toHaveURL(`${house.url}/`);
      await expect(page.getByRole("link", { name: owner.email })).toBeVisible();
    });

    test("whoever signs out is a stranger again", async ({ page, house }) => {
      const owner = await house.person("owner");
      await house.signIn(page, owner);
      await page.goto(house.url);
      await page.getByRole("button", { name: "로그아웃" }).click();

      await expect(page.getByText(owner.email)).toHaveCount(0);
      await expect(page.getByRole("link", { name: "로그인" })).toBeVisible();
    });
  });
}
