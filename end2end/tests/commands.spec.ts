// What people have their devices do, with simulated devices that run what is flashed.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Device, House, Person } from "../support/house.ts";
import { expect, test } from "../support/test.ts";

const said = (page: Page) => page.locator(".hands__said");
const room = (house: House, device: Device) => `${house.url}/devices/${device.serial}`;

/** Somebody with a device that is switched on and has measured, signed in and on its page. */
async function atHome(page: Page, house: House): Promise<{ owner: Person; device: Device }> {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.switchOn(device);
  await house.signIn(page, owner);
  await measured(page, house, device);
  await page.goto(room(house, device));
  return { owner, device };
}

/** Waits for a first reading; returns when its newest was measured. */
async function measured(page: Page, house: House, device: Device): Promise<number> {
  const current = `${house.url}/api/v1/devices/${device.serial}/current`;
  let at = 0;
  await expect
    .poll(async () => {
      const answer = await (await page.request.get(current)).json();
      at = answer.at ?? 0;
      return at;
    })
    .toBeGreaterThan(0);
  return at;
}

/** Waits until the device is known to be gone: its last value is fresh, but the broker has told its will. */
async function gone(page: Page, house: House, device: Device): Promise<void> {
  const told = async () => (await page.request.get(`${house.url}/api/v1/devices/${device.serial}`)).json();
  await expect.poll(async () => (await told()).presence).toBe("late");
}

async function examine(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `screenshots/${test.info().project.name}-${name}.png`, fullPage: true });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a room is measured now, and says so within two seconds", async ({ page, house }) => {
      const { device } = await atHome(page, house);
      if (javaScriptEnabled) await expect(page.locator("[data-link=open]")).toBeVisible();
      const asked = Date.now();
      await page.getByRole("button", { name: "지금 측정" }).click();
      await expect(said(page)).toContainText(/방금 쟀어요: \d+\.\d.*\(\d\d:\d\d:\d\d\)/, { timeout: 2_000 });
      expect(await measured(page, house, device)).toBeGreaterThanOrEqual(asked);
      await expect(page.locator("main .reading")).toBeVisible();
    });

    test("a device blinks, switches its light and starts anew", async ({ page, house }) => {
      await atHome(page, house);
      for (const [button, words] of [
        ["깜박여 찾기", "기기가 깜박이고 있어요."],
        ["불 켜기", "불을 켰어요."],
        ["불 끄기", "불을 껐어요."],
        ["다시 시작", "기기가 다시 시작해요."],
      ]) {
        const fold = page.getByText("기기 다루기");
        if (!(await page.getByRole("button", { name: button }).isVisible())) await fold.click();
        await page.getByRole("button", { name: button }).click();
        await expect(said(page)).toContainText(words);
      }
    });

    test("the whole home answers in one sentence, and who does not is named", async ({ page, house }) => {
      const { owner, device } = await atHome(page, house);
      const other = await house.device(owner);
      await page.goto(house.url);
      await page.getByRole("button", { name: "지금 모든 방 확인하기" }).click();
      const answer = page.locator(".check-home__said");
      await expect(answer).toContainText(`${other.serial}에서 대답이 없어요. 대답한 방 1곳은`);
      await expect(answer).toContainText("집은 괜찮아요");
      await house.switchOn(other);
      await measured(page, house, other);
      await page.goto(house.url);
      await page.getByRole("button", { name: "지금 모든 방 확인하기" }).click();
      await expect(answer).toContainText(/집은 괜찮아요\. 방 2곳을 \d\d:\d\d:\d\d에 다시 쟀어요\./);
      expect(await measured(page, house, device)).toBeGreaterThan(Date.now() - 10_000);
      if (javaScriptEnabled) await examine(page, "check-home");
    });
  });
}

test("an interval is wanted, confirmed, and for a device that is away kept", async ({ page, house }) => {
  const { device } = await atHome(page, house);
  await page.goto(`${room(house, device)}/settings`);
  const choose = async (seconds: string) => {
    await page.getByLabel("측정 간격").selectOption(seconds);
    await page.getByRole("button", { name: "바꾸기" }).click();
  };
  await choose("30");
  await expect(said(page)).toContainText("기기가 바꿨어요.");
  await expect(page.locator("#interval")).toContainText("지금은 30초마다 재고 있어요.");
  await house.switchOff();
  await gone(page, house, device);
  await choose("300");
  await expect(said(page)).toContainText("기기가 자리에 없어요.");
  await expect(said(page)).toContainText("적어 두었다가 돌아오면 바로 전할게요.");
  await expect(page.locator("#interval")).toContainText("5분마다 재도록 바꾸려고 해요.");
  await examine(page, "interval-wanted");
  await house.switchOn(device);
  await expect
    .poll(async () => {
      await page.reload();
      return page.locator("#interval").textContent();
    })
    .toContain("지금은 5분마다 재고 있어요.");
});

test("of a device that is away its page says since when", async ({ page, house }) => {
  const { device } = await atHome(page, house);
  await house.switchOff();
  await gone(page, house, device);
  await page.reload();
  await page.getByRole("button", { name: "지금 측정" }).click();
  await expect(said(page)).toContainText(/기기가 자리에 없어요\. \d\d:\d\d부터 연결이 끊겨 있어요\./, { timeout: 2_000 });
  await page.getByText("기기 다루기").click();
  await examine(page, "device-away");
});
