// The site as people meet it: https by the nginx of `deploy/`, and the program as it is released, in one file.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { House, PROGRAM, SITE } from "../support/house.ts";
import { Nginx } from "../support/nginx.ts";
import { freePort, Process, run } from "../support/process.ts";
import { expect, test as base } from "../support/test.ts";

interface Front {
  /** A server that knows it is reached by https. */
  house: House;
  /** What people type. */
  url: string;
}

const test = base.extend<{ front: Front }>({
  front: async ({}, use) => {
    const port = await freePort();
    const url = `https://localhost:${port}`;
    const house = await House.start("embedded", { TEMPLOG_PUBLIC_URL: url, TEMPLOG_TRUSTED_PROXIES: "127.0.0.1" });
    const nginx = await Nginx.start(port, `127.0.0.1:${house.port}`);
    await use({ house, url });
    await nginx.stop();
    await house.tearDown();
  },
  context: async ({ front: _front, context }, use) => {
    await use(context);
  },
});

// Nobody vouches for the test's certificate, and a service worker is not excused for that.
test.use({ ignoreHTTPSErrors: true, expectedComplaints: /SSL certificate error/ });

async function signIn(page: Page, front: Front, name: string): Promise<void> {
  const person = await front.house.person(name);
  await page.goto(`${front.url}/sign-in`);
  await page.getByLabel("이메일").fill(person.email);
  await page.getByLabel("비밀번호").fill(person.password);
  await page.locator("main").getByRole("button", { name: "로그인", exact: true }).click();
  await expect(page).toHaveURL(`${front.url}/`);
}

test("behind nginx somebody signs in by the form, and the cookie is bound to the host", async ({ page, front }) => {
  await signIn(page, front, "owner");
  const cookies = await page.context().cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies.filter((cookie) => cookie.httpOnly)) {
    expect(cookie.name).toMatch(/^__Host-/);
    expect(cookie.secure).toBe(true);
  }
});

test("behind nginx a reading is on the open home within a second", async ({ page, front }) => {
  const { house, url } = front;
  const owner = await house.person("owner");
  const device = await house.device(owner);
  await house.publish(device, { t: 20.1, h: 40 });
  const answer = await page.request.post(`${url}/api/v1/session`, { data: owner });
  expect(answer.status()).toBe(204);
  await page.goto(url);
  const card = page.locator(`[data-serial="${device.serial}"]`);
  await expect(card).toContainText("20.1");
  await expect(page.locator("[data-link=open]")).toBeVisible();
  await house.publish(device, { t: 23.4, h: 58.2 });
  await expect(card).toContainText("23.4", { timeout: 1_000 });
});

test("behind nginx what a broker asks is asked by nobody outside", async ({ page, front }) => {
  const answer = await page.request.post(`${front.url}/internal/mqtt/auth`, { data: {} });
  expect(answer.status()).toBe(404);
});

base("the program in one file, alone in a folder, serves a page that comes to life", async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), "templog-alone-"));
  const program = join(folder, "templog");
  await run(PROGRAM, ["pack", "--site", SITE, "--into", program]);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    TEMPLOG_HTTP_ADDR: `127.0.0.1:${port}`,
    TEMPLOG_MQTT_LISTEN: `127.0.0.1:${await freePort()}`,
    TEMPLOG_DATA_DIR: join(folder, "data"),
  };
  const server = Process.start(program, ["serve"], env);
  const url = `http://localhost:${port}`;
  await server.until(() => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false));
  const wasm = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith(".wasm"));
  await page.goto(url);
  expect((await wasm).ok()).toBe(true);
  await page.goto("about:blank");
  await server.stop();
  await rm(folder, { recursive: true });
});
