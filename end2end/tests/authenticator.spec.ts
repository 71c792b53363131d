// The authenticator app, from the QR code to the second step, with and without script.
import { createHmac } from "node:crypto";
import { examine } from "../support/examine.ts";
import { expect, test } from "../support/test.ts";

/** The code an app shows now, or so many steps from now (RFC 6238). */
function totp(secret: string, steps = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[mac.length - 1] & 15;
  return ((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("an owner adds an app and is asked for its code from then on", async ({ page, house }) => {
      const owner = await house.person("owner");
      await house.signIn(page, owner);
      await page.goto(`${house.url}/settings/sign-in`);
      await page.getByRole("button", { name: "인증 앱 추가" }).click();
      await expect(page.getByRole("heading", { name: "인증 앱 추가" })).toBeVisible();
      if (javaScriptEnabled) await examine(page, "authenticator-ko-light");
      const secret = (await page.locator(".secret").textContent()) ?? "";
      await page.getByLabel("앱에 나온 코드").fill(totp(secret));
      await page.getByRole("button", { name: "확인하고 켜기" }).click();

      await expect(page.locator(".secret li")).toHaveCount(10);
      if (javaScriptEnabled) await examine(page, "recovery-codes-ko-light");
      await page.getByRole("link", { name: "적어 두었어요" }).click();
      await expect(page.getByText("복구 코드 10개")).toBeVisible();
      await page.getByRole("button", { name: "로그아웃" }).click();

      await page.goto(`${house.url}/sign-in`);
      await page.getByLabel("이메일").fill(owner.email);
      await page.getByLabel("비밀번호").fill(owner.password);
      await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
      await expect(page.getByRole("heading", { name: "코드 확인" })).toBeVisible();
      if (javaScriptEnabled) await examine(page, "code-ko-light");
      await page.getByLabel("코드").fill("000000");
      await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
      await expect(page.getByRole("alert")).toContainText("맞지 않거나");
      // The code of now was used to enrol: the next one is the first that opens.
      await page.getByLabel("코드").fill(totp(secret, 1));
      await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
      await expect(page).toHaveURL(`${house.url}/`);
      await expect(page.getByRole("link", { name: owner.email })).toBeVisible();
    });
  });
}
