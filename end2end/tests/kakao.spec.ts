// Signing in with Kakao, from the yellow button to an empty home, with and without script.
import { AxeBuilder } from "@axe-core/playwright";
import { House } from "../support/house.ts";
import { FakeKakao } from "../support/kakao.ts";
import { test as base, expect } from "../support/test.ts";

const test = base.extend<{ kakao: FakeKakao }>({
  // eslint-disable-next-line no-empty-pattern
  kakao: async ({}, use) => {
    const kakao = await FakeKakao.start("mina@house.example");
    await use(kakao);
    await kakao.stop();
  },
  house: async ({ door, kakao }, use) => {
    const house = await House.start(door, kakao.env);
    await use(house);
    await house.tearDown();
  },
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a stranger arrives at an empty home through Kakao", async ({ page, house }) => {
      await page.goto(`${house.url}/sign-in`);
      await page.getByRole("button", { name: "카카오 로그인" }).click();
      await expect(page.getByRole("heading", { name: "카카오계정" })).toBeVisible();
      await page.getByRole("link", { name: "동의하고 계속하기" }).click();

      await expect(page).toHaveURL(`${house.url}/`);
      await expect(page.getByRole("link", { name: "mina@house.example" })).toBeVisible();
      await expect(page.locator(".steps")).toBeVisible();
    });

    test("whoever changes their mind at Kakao reads what to do", async ({ page, house }) => {
      await page.goto(`${house.url}/sign-in`);
      await page.getByRole("button", { name: "카카오 로그인" }).click();
      await page.getByRole("link", { name: "취소" }).click();

      await expect(page.getByRole("heading", { name: "카카오 로그인을 그만두셨어요" })).toBeVisible();
      await expect(page.getByRole("button", { name: "카카오로 다시 하기" })).toBeVisible();
      await expect(page.getByRole("link", { name: "이메일로 로그인" })).toBeVisible();
    });

    test("an account that is there is connected only by its owner", async ({ page, house }) => {
      const mina = await house.person("mina");
      await page.goto(`${house.url}/sign-in`);
      await page.getByRole("button", { name: "카카오 로그인" }).click();
      await page.getByRole("link", { name: "동의하고 계속하기" }).click();

      await expect(page.getByRole("heading", { name: "본인 확인" })).toBeVisible();
      await page.getByLabel("비밀번호").fill("not my password");
      await page.getByRole("button", { name: "확인하고 연결" }).click();
      await expect(page.getByRole("alert")).toContainText("비밀번호가 맞지 않아요");
      await page.getByLabel("비밀번호").fill(mina.password);
      await page.getByRole("button", { name: "확인하고 연결" }).click();

      await expect(page).toHaveURL(`${house.url}/`);
      await page.goto(`${house.url}/settings/sign-in`);
      await expect(page.getByText("미나")).toBeVisible();
      await page.getByRole("button", { name: "연결 해제" }).click();
      await expect(page.locator(".notice")).toContainText("해제했어요");
    });
  });
}

for (const [locale, colorScheme] of [["ko-KR", "light"], ["en-GB", "dark"]] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme });

    test("the pages on the way over Kakao are for everybody", async ({ page, house }, { project }) => {
      const examine = async (name: string) => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(sideways).toBeLessThanOrEqual(0);
        await page.screenshot({ path: `screenshots/${project.name}-${name}-${locale.slice(0, 2)}-${colorScheme}.png`, fullPage: true });
      };
      const mina = await house.person("mina");
      await page.goto(`${house.url}/sign-in`);
      await examine("sign-in-kakao");
      await page.locator(".kakao__button").click();
      await page.getByRole("link").first().click();
      await expect(page.getByText(mina.email)).toBeVisible();
      await examine("kakao-proof");
      await page.goto(`${house.url}/sign-in/kakao/trouble?why=setup&code=KOE006`);
      await examine("kakao-trouble");
      await house.signIn(page, mina);
      await page.goto(`${house.url}/settings/sign-in`);
      await examine("ways");
    });
  });
}
