// A home that is shared: asked in by mail, seen by both, and by one only after the other is out.
import type { Page } from "@playwright/test";
import type { House } from "../support/house.ts";
import { poll } from "../support/process.ts";
import { examine } from "../support/examine.ts";
import { expect, test } from "../support/test.ts";

/** The address of the link in the newest invitation, as the developers' mailbox shows it. */
async function invitationTo(page: Page, house: House, email: string): Promise<string> {
  let link = "";
  await poll(`an invitation to ${email}`, async () => {
    const list = await (await page.request.get(`${house.url}/dev/mailbox?to=${encodeURIComponent(email)}`)).text();
    const name = list.match(/<li><a href="\/dev\/mailbox\/([^"]+)">/)?.[1];
    if (!name) return false;
    const mail = await (await page.request.get(`${house.url}/dev/mailbox/${name}`)).text();
    link = mail.match(/\/invite\?token=[\w-]+/)?.[0] ?? "";
    return link !== "";
  });
  return house.url + link;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("somebody who is invited sees the home, and when removed does not", async ({ page, browser, house }) => {
      const owner = await house.person("owner");
      const guest = await house.person("guest");
      const device = await house.device(owner);
      await house.publish(device, { t: 21.5, h: 48 });

      await house.signIn(page, owner);
      await page.goto(`${house.url}/settings/family`);
      await page.getByLabel("메일 주소").fill(guest.email);
      if (javaScriptEnabled) await examine(page, "family-ko-light");
      await page.getByRole("button", { name: "초대장 보내기" }).click();
      await expect(page.locator(".notice")).toHaveText("초대장을 보냈어요.");
      await expect(page.getByText("답을 기다리는 초대")).toBeVisible();
      if (javaScriptEnabled) await examine(page, "family-waiting-ko-light");

      const other = await browser.newContext({ javaScriptEnabled });
      const theirs = await other.newPage();
      await house.signIn(theirs, guest);
      await theirs.goto(await invitationTo(theirs, house, guest.email));
      if (javaScriptEnabled) await examine(theirs, "invite-ko-light");
      await theirs.getByRole("button", { name: "함께 보기" }).click();
      await expect(theirs.locator(".notice")).toHaveText("이제 이 집을 함께 봐요.");
      await theirs.goto(`${house.url}/`);
      await expect(theirs.locator("main")).toContainText("21.5");

      await page.reload();
      await page.getByRole("button", { name: `${guest.email} 내보내기` }).click();
      await expect(page.locator(".notice")).toHaveText("내보냈어요.");
      await theirs.goto(`${house.url}/`);
      await expect(theirs.locator("main")).not.toContainText("21.5");
      await other.close();
    });
  });
}
