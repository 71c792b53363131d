// A device that is told while no page is open: switched on, tried, told of a real reading, and its button pressed.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { House } from "../support/house.ts";
import { deliver, PushService } from "../support/push.ts";
import { test as base, expect } from "../support/test.ts";

const PAGE = "/settings/notifications";

const test = base.extend<{ service: PushService }>({
  // eslint-disable-next-line no-empty-pattern
  service: async ({}, use) => {
    const service = await PushService.start();
    await use(service);
    await service.stop();
  },
  house: async ({ door }, use) => {
    const house = await House.start(door, { TEMPLOG_PUSH_HOSTS: "loopback" });
    await use(house);
    await house.tearDown();
  },
});

const WORDS = {
  ko: { on: "이 기기에서 켜기", isOn: "이제 이 기기로도 알려 드려요", test: "시험 알림 보내기", sent: "알림 서버가 받았어요", remove: "빼기", isOff: "더 이상 알리지 않아요" },
  en: { on: "Switch on here", isOn: "This device is told from now on", test: "Send a test to", sent: "The push service has taken it", remove: "Remove", isOff: "not told any more" },
} as const;

/** The notifications that the worker shows. */
function shown(page: Page): Promise<{ title: string; actions: string[] }[]> {
  return page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    const shown = (await worker.getNotifications()) as (Notification & { actions?: { title: string }[] })[];
    return shown.map(({ title, actions }) => ({ title, actions: (actions ?? []).map(({ title }) => title) }));
  });
}

for (const [language, words] of Object.entries(WORDS)) {
  test.describe(language, () => {
    test.use({ locale: language, colorScheme: language === "ko" ? "light" : "dark" });

    test("a device is switched on, tried and taken away", async ({ page, context, house, service }, { project }) => {
      await context.grantPermissions(["notifications"], { origin: house.url });
      await service.standInFor(context);
      await house.signIn(page, await house.person("owner"));
      await page.goto(house.url + PAGE);
      await page.getByRole("button", { name: words.on }).click();
      await expect(page.locator("main").getByRole("status").first()).toContainText(words.isOn);
      await page.getByRole("button", { name: words.test }).click();
      await expect(page.locator("main").getByRole("status").first()).toContainText(words.sent);
      expect((await service.message(1)).title).toContain("TempLog");
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
      const path = `screenshots/${project.name}-notifications-${language}.png`;
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(wide, "nothing is wider than the screen").toBe(false);
      await page.getByRole("button", { name: words.remove }).click();
      await expect(page.locator("main").getByRole("status").first()).toContainText(words.isOff);
    });
  });
}

test("a real reading shows a notification whose button acknowledges", async ({ page, context, house, service }) => {
  await context.grantPermissions(["notifications"], { origin: house.url });
  await service.standInFor(context);
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.signIn(page, owner);
  await page.goto(house.url + PAGE);
  await page.getByRole("button", { name: WORDS.ko.on }).click();
  await expect(page.locator("main").getByRole("status").first()).toContainText(WORDS.ko.isOn);
  const rule = { kind: "above", metric: "t", limit: 30, hysteresis: 1, hold_s: 0 };
  const made = await page.request.post(`${house.url}/api/v1/devices/${device.serial}/rules`, { data: rule });
  expect(made.status()).toBe(201);
  await house.publish(device, { t: 35, h: 50 });

  const message = await service.message(1);
  expect(message.body).toContain("35 °C");
  await deliver(page, message);
  await expect.poll(() => shown(page)).toEqual([{ title: message.title, actions: ["확인", "보기"] }]);

  const [worker] = context.serviceWorkers();
  await worker.evaluate(`(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "acknowledge" }));
  })()`);
  await expect
    .poll(async () => {
      await page.goto(`${house.url}/alerts`);
      return page.locator(".alert--known").count();
    })
    .toBe(1);
  await page.getByText("알린 기록").click();
  await expect(page.getByText("열어 봤어요")).toBeVisible();
  expect(await shown(page)).toEqual([]);
});

test("whoever has blocked notifications reads how to allow them", async ({ page, context, house }) => {
  const session = await context.newCDPSession(page);
  const { browserContextId } = (await session.send("Target.getTargetInfo")).targetInfo;
  const permission = { permission: { name: "notifications" }, setting: "denied" as const };
  await session.send("Browser.setPermission", { ...permission, origin: house.url, browserContextId });
  await house.signIn(page, await house.person("owner"));
  await page.goto(house.url + PAGE);
  await expect(page.getByText("이 사이트의 알림이 막혀 있어요")).toBeVisible();
  await expect(page.getByRole("button", { name: WORDS.ko.on })).toBeDisabled();
});

test.describe("on an iPhone", () => {
  test.use({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1" });

  test("its owner reads that TempLog has to be on the home screen first", async ({ page, house }) => {
    await page.addInitScript(() => {
      // Safari has none outside of the home screen.
      Reflect.deleteProperty(window, "PushManager");
    });
    await house.signIn(page, await house.person("owner"));
    await page.goto(house.url + PAGE);
    await expect(page.getByText("먼저 홈 화면에 추가해야 해요")).toBeVisible();
  });
});

test.describe("without script", () => {
  // The browser fetches ahead what no script then uses, and says so.
  test.use({ javaScriptEnabled: false, expectedComplaints: /preloaded using link preload but not used/ });

  test("a device is taken away all the same", async ({ page, house }) => {
    await house.signIn(page, await house.person("owner"));
    const form = { endpoint: "https://push.example/x", p256dh: KEY, auth: "BTBZMqHH6r4Tts7J_aSIgg" };
    await page.request.post(`${house.url}${PAGE}/push`, { form });
    await page.goto(house.url + PAGE);
    await page.getByRole("button", { name: "빼기" }).click();
    await expect(page.locator("main").getByRole("status").first()).toContainText(WORDS.ko.isOff);
  });
});

/** Of RFC 8291, appendix A. */
const KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
