// A passkey, from the settings to the next sign-in, with a real browser's own authenticator.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../support/test.ts";

test("an owner adds a passkey and signs in with it", async ({ page, house }) => {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const owner = await house.person("owner");
  await house.signIn(page, owner);
  await page.goto(`${house.url}/settings/sign-in`);
  await page.getByRole("button", { name: "패스키 추가" }).click();
  await page.getByLabel("이름").fill("내 휴대폰");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.screenshot({ path: `screenshots/${test.info().project.name}-passkey-ko-light.png`, fullPage: true });
  await page.getByRole("button", { name: "패스키 만들기" }).click();
  await expect(page.locator("main").getByRole("status")).toContainText("패스키를 추가했어요");
  await expect(page.getByText("내 휴대폰")).toBeVisible();
  await page.getByRole("button", { name: "로그아웃" }).click();

  await page.goto(`${house.url}/sign-in`);
  await page.getByRole("button", { name: "패스키로 로그인" }).click();
  await page.getByRole("button", { name: "패스키 쓰기" }).click();
  await expect(page).toHaveURL(`${house.url}/`);
  await expect(page.getByRole("link", { name: owner.email })).toBeVisible();
});

test.describe("without script", () => {
  // The browser fetches ahead what no script then uses, and says so.
  test.use({ javaScriptEnabled: false, expectedComplaints: /preloaded using link preload but not used/ });

  test("the page says what passkeys need and leads to another way", async ({ page, house }) => {
    await page.goto(`${house.url}/sign-in`);
    await page.getByRole("button", { name: "패스키로 로그인" }).click();
    await expect(page.getByText("자바스크립트가 필요해요")).toBeVisible();
    await page.getByRole("link", { name: "다른 방법으로 로그인" }).click();
    await expect(page.getByLabel("비밀번호")).toBeVisible();
  });
});
