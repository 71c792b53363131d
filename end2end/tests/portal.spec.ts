// A new device's own page, served by the code that is flashed, as a phone that joined its access point sees it.
import { dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import { freePort, Process } from "../support/process.ts";

const PROGRAM = join(dirname(process.env.TEMPLOG_PROGRAM ?? ""), "templog-simulator");
const LINE = "mqtt://TL-7K3F9Q2M:s3cret@192.168.0.10:1883";

let portal: Process;
let address: string;

test.beforeEach(async () => {
  address = `http://127.0.0.1:${await freePort()}`;
  portal = Process.start(PROGRAM, ["portal", "--listen", address.slice("http://".length)]);
  await portal.until(() => fetch(address).then((answer) => answer.ok).catch(() => false));
});

test.afterEach(() => portal.stop());

test("a device is set up with the line from its sticker", async ({ page }) => {
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "센서 설정" })).toBeVisible();
  await page.getByRole("radio", { name: "우리집 와이파이" }).check();
  await page.getByLabel("와이파이 비밀번호").fill("korean-wifi");
  await page.getByLabel("스티커의 연결 정보").fill(LINE);
  await page.getByRole("button", { name: "저장하고 연결하기" }).click();
  await expect(page.getByRole("heading", { name: "저장했습니다" })).toBeVisible();
  await expect(page.getByText("TL-7K3F9Q2M")).toBeVisible();
  await expect(page.getByText("s3cret")).toHaveCount(0);
});

test("in English, another network, by hand", async ({ page }) => {
  await page.goto(address);
  await page.getByRole("link", { name: "English" }).click();
  await page.getByRole("radio", { name: "Another network" }).check();
  await page.getByLabel("Name of the other network").fill("hidden one");
  await page.getByText("Enter it by hand").click();
  await page.getByLabel("Server").fill("home.lan");
  await page.getByLabel("Serial").fill("TL-7K3F9Q2M");
  await page.getByLabel("Device password").fill("s3cret");
  await page.getByRole("button", { name: "Save and connect" }).click();
  await expect(page.getByRole("heading", { name: "Saved" })).toBeVisible();
  await expect(page.getByText("mqtt://home.lan:1883")).toBeVisible();
});

test("a mistake is told at its field, and what was right stays", async ({ page }) => {
  await page.goto(`${address}/?lang=en`);
  await page.getByRole("radio", { name: "iptime_5G" }).check();
  await page.getByLabel("Line from the sticker").fill("TL-7K3F9Q2M");
  await page.getByRole("button", { name: "Save and connect" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was saved yet");
  const line = page.getByLabel("Line from the sticker");
  await expect(line).toHaveAttribute("aria-invalid", "true");
  await expect(line).toHaveAccessibleDescription(/not a line of credentials/);
  await expect(line).toHaveValue("TL-7K3F9Q2M");
  await expect(page.getByRole("radio", { name: "iptime_5G" })).toBeChecked();
});

test("a name in the air is a name and not a piece of the page", async ({ page }) => {
  await page.goto(address);
  await expect(page.getByText("<b>neighbour</b>")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`nothing is wider than the phone, and fingers find it, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(address);
    await page.locator("summary").click();
    const { inner, scroll } = await page.evaluate(() => ({
      inner: window.innerWidth,
      scroll: document.documentElement.scrollWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(inner);
    for (const target of await page.locator("button, .network, input:not([type=radio]), summary").all()) {
      const box = await target.boundingBox();
      expect(box?.height ?? 0).toBeGreaterThanOrEqual(44);
    }
    await test.info().attach(`portal-${theme}`, { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
  });
}
