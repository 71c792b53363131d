// A stranger makes an account and keeps it: by pages, forms and the mails that the developers' mailbox shows.
import type { Page } from "@playwright/test";
import type { House } from "../support/house.ts";
import { poll } from "../support/process.ts";
import { expect, test } from "../support/test.ts";

const EMAIL = "mina@house.example";
const FIRST = "tulips on the oven 91";
const SECOND = "seven quiet windows 4";

/** The code in the newest mail with these words in its subject. */
async function codeFor(house: House, page: Page, to: string, subject: string, known: string[] = []): Promise<string> {
  let code = "";
  await poll(`a mail to ${to}`, async () => {
    const list = await (await page.request.get(`${house.url}/dev/mailbox?to=${encodeURIComponent(to)}`)).text();
    for (const [, name, title] of list.matchAll(/<li><a href="\/dev\/mailbox\/([^"]+)">([^<]*)</g)) {
      if (!title.includes(subject)) continue;
      const mail = await (await page.request.get(`${house.url}/dev/mailbox/${name}`)).text();
      code = mail.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/)?.[0] ?? "";
      if (code && !known.includes(code)) return true;
    }
    return false;
  });
  return code;
}

async function signUp(house: House, page: Page): Promise<void> {
  await page.goto(house.url);
  await page.getByRole("link", { name: "시작하기" }).click();
  await page.getByLabel("이메일").fill(EMAIL);
  await page.getByLabel("비밀번호").fill(FIRST);
  await page.getByRole("button", { name: "코드 받기" }).click();
  await expect(page).toHaveURL(`${house.url}/verify`);
  await expect(page.locator("main")).toContainText(EMAIL);
  await page.getByLabel("메일로 받은 코드").fill(await codeFor(house, page, EMAIL, "코드"));
  await page.getByRole("button", { name: "확인" }).click();
  await expect(page).toHaveURL(`${house.url}/`);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a stranger signs up, reads the code in the mailbox and arrives at an empty home", async ({ page, house }) => {
      await signUp(house, page);
      await expect(page.locator(".steps")).toBeVisible();
      await expect(page.getByRole("link", { name: EMAIL })).toBeVisible();
    });

    test("what is wrong is said beside its field", async ({ page, house }) => {
      await page.goto(`${house.url}/sign-up`);
      await page.getByLabel("이메일").fill(EMAIL);
      await page.getByLabel("비밀번호").fill("qwertyuiop");
      await page.getByRole("button", { name: "코드 받기" }).click();
      await expect(page.getByLabel("비밀번호")).toHaveAccessibleDescription(/약해요/);
      await expect(page.getByLabel("이메일")).toHaveValue(EMAIL);
    });

    test("a forgotten password is replaced, and the account shows that it was", async ({ page, house }) => {
      await signUp(house, page);
      await page.getByRole("button", { name: "로그아웃" }).click();
      await page.goto(`${house.url}/sign-in`);
      await page.getByRole("link", { name: "비밀번호를 잊었어요" }).click();
      await page.getByLabel("이메일").fill(EMAIL);
      await page.getByRole("button", { name: "코드 받기" }).click();
      await page.getByLabel("메일로 받은 코드").fill(await codeFor(house, page, EMAIL, "비밀번호"));
      await page.getByLabel("새 비밀번호").fill(SECOND);
      await page.getByRole("button", { name: "비밀번호 바꾸기" }).click();
      await expect(page.locator("main").getByRole("status")).toBeVisible();
      await page.getByLabel("이메일").fill(EMAIL);
      await page.getByLabel("비밀번호").fill(SECOND);
      await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
      await page.goto(`${house.url}/settings/account`);
      await expect(page.locator(".events")).toContainText("코드로 비밀번호를 새로 정함");
    });

    test("password and address are changed in the settings", async ({ page, house }) => {
      await signUp(house, page);
      await page.getByRole("link", { name: EMAIL }).click();
      await page.getByRole("link", { name: /^계정/ }).click();
      const password = page.locator("#password");
      await password.getByLabel("지금 비밀번호").fill(FIRST);
      await password.getByLabel("새 비밀번호").fill(SECOND);
      await password.getByRole("button").click();
      await expect(password.getByRole("status")).toBeVisible();
      const address = page.locator("#address");
      await address.getByLabel("새 메일 주소").fill("mina@new.example");
      await address.getByLabel("지금 비밀번호").fill(SECOND);
      await address.getByRole("button").click();
      await address.getByLabel("메일로 받은 코드").fill(await codeFor(house, page, "mina@new.example", "코드"));
      await address.getByRole("button", { name: "주소 바꾸기" }).click();
      await expect(address.getByRole("status")).toBeVisible();
      await expect(page.locator("footer")).toContainText("mina@new.example");
    });

    test("my data are downloaded, and the account is deleted by its password only", async ({ page, house }) => {
      await signUp(house, page);
      await page.goto(`${house.url}/settings/account`);
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "내 데이터 내려받기" }).click();
      expect((await download).suggestedFilename()).toMatch(/^templog-\d{4}-\d\d-\d\d\.zip$/);
      await page.getByRole("link", { name: "계정 지우기" }).click();
      await expect(page.locator("main")).toContainText(EMAIL);
      await page.getByLabel("지금 비밀번호").fill(SECOND);
      await page.getByRole("button", { name: "계정 지우기" }).click();
      await expect(page.getByLabel("지금 비밀번호")).toHaveAccessibleDescription(/맞지 않아요/);
      await page.getByLabel("지금 비밀번호").fill(FIRST);
      await page.getByRole("button", { name: "계정 지우기" }).click();
      await expect(page.locator("main").getByRole("status")).toContainText("계정을 지웠어요");
      await page.getByLabel("이메일").fill(EMAIL);
      await page.getByLabel("비밀번호").fill(FIRST);
      await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
      await expect(page.locator("main").getByRole("alert")).toBeVisible();
    });

    test("a session elsewhere is ended", async ({ page, browser, house }) => {
      await signUp(house, page);
      const elsewhere = await (await browser.newContext({ javaScriptEnabled })).newPage();
      await house.signIn(elsewhere, { email: EMAIL, password: FIRST });
      await page.goto(`${house.url}/settings/sessions`);
      await page.locator(".sessions").getByRole("button").click();
      await expect(page.locator("main").getByRole("status")).toBeVisible();
      await elsewhere.goto(`${house.url}/settings`);
      await expect(elsewhere).toHaveURL(/\/sign-in/);
      await elsewhere.context().close();
    });
  });
}
