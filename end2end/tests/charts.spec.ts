// The charts: drawn by the library under the site's content security policy, read by keys, growing as readings come in.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** What the tooltip says: the library draws it as text of the picture. */
const said = (chart: Locator) => chart.locator(".chart__stage svg text");

async function drawn(page: Page, count: number): Promise<Locator> {
  const charts = page.locator("figure.chart--drawn");
  await expect(charts).toHaveCount(count);
  await expect(charts.first().locator(".chart__stage svg path").first()).toBeAttached();
  return charts;
}

test("every page draws its charts and lets go of them when it is left", async ({ page, house }) => {
  const { owner, devices } = await house.demo();
  await house.signIn(page, owner);
  const room = `${house.url}/devices/${devices[0].serial}`;
  const pages: [string, number][] = [[room, 2], [`${room}?metric=h`, 2], [`${room}/history`, 1], [`${house.url}/compare`, 1]];
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const held = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "Documents")?.value ?? 0;
  };
  let after = 0;
  for (let round = 0; round < 5; round++) {
    for (const [address, charts] of pages) {
      await page.goto(address);
      await drawn(page, charts);
    }
    if (round === 0) after = await held();
  }
  expect(await held(), "documents kept after further rounds").toBeLessThanOrEqual(after + 1);
});

test("arrow keys read the values of a chart one by one", async ({ page, house }) => {
  const { owner, devices } = await house.demo();
  await house.signIn(page, owner);
  await page.goto(`${house.url}/devices/${devices[0].serial}?days=7`);
  await drawn(page, 2);
  const chart = page.locator("#daily figure.chart");
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(said(chart).filter({ hasText: "평균" })).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(said(chart).filter({ hasText: "평균" })).toBeHidden();
});

test.describe("by touch", () => {
  test.use({ hasTouch: true });

  test("a finger reads the values of a chart and two fingers zoom into it", async ({ page, house }) => {
    const { owner, devices } = await house.demo();
    await house.signIn(page, owner);
    await page.goto(`${house.url}/devices/${devices[0].serial}?days=90`);
    await drawn(page, 2);
    const chart = page.locator("#daily figure.chart");
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await chart.locator(".chart__stage").boundingBox())!;
    const at = (share: number) => ({ x: x + width * share, y: y + height / 2 });
    const devtools = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...shares: number[]) =>
      devtools.send("Input.dispatchTouchEvent", { type, touchPoints: shares.map((share, id) => ({ ...at(share), id })) });

    await touch("touchStart", 0.4);
    await touch("touchMove", 0.5);
    await touch("touchMove", 0.6);
    await expect(said(chart).filter({ hasText: "평균" })).toHaveCount(1);
    const first = await said(chart).filter({ hasText: "평균" }).textContent();
    await touch("touchMove", 0.8);
    await expect.poll(() => said(chart).filter({ hasText: "평균" }).textContent()).not.toBe(first);
    await touch("touchEnd");

    const days = () => said(chart).filter({ hasText: /\d월 \d+일$/ }).allTextContents();
    const before = await days();
    await touch("touchStart", 0.45, 0.55);
    for (const apart of [0.1, 0.2, 0.3, 0.4]) await touch("touchMove", 0.45 - apart, 0.55 + apart);
    await touch("touchEnd");
    await expect.poll(days, "the days under the chart").not.toEqual(before);
  });
});

test("the last 24 hours grow as readings come in", async ({ page, house }) => {
  const { owner, devices } = await house.demo();
  await house.signIn(page, owner);
  await page.goto(`${house.url}/devices/${devices[0].serial}`);
  await drawn(page, 2);
  await expect(page.locator("[data-link=open]")).toBeVisible();
  const chart = page.locator("#course figure.chart");
  await house.publish(devices[0], { t: 21.7, h: 51 });
  await expect(page.locator("main .reading")).toContainText("21.7");
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(said(chart).filter({ hasText: "21.7°" })).toHaveCount(1);
});

test("an hour of readings leaves the tab as large as it was", async ({ page, house }) => {
  const owner = await house.person("owner");
  const device = await house.device(owner);
  const [hour, step, portion] = [720, 5_000, 60];
  const start = Date.now() - hour * step;
  const reading = (n: number) => ({ at: start + n * step, t: 20 + n / 100, h: 50 });
  await house.publish(device, reading(0));
  await house.signIn(page, owner);
  await page.goto(`${house.url}/devices/${device.serial}`);
  await drawn(page, 2);
  await expect(page.locator("[data-link=open]")).toBeVisible();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const used = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const find = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
    return { heap: find("JSHeapUsedSize"), nodes: find("Nodes") };
  };
  const sizes = [];
  for (let sent = 1; sent < hour; sent += portion) {
    const portionOfHour = Array.from({ length: portion }, (_, n) => reading(Math.min(sent + n, hour)));
    await house.publishAll(device, portionOfHour);
    await expect(page.locator("main .reading")).toContainText(portionOfHour[portion - 1].t.toFixed(1));
    sizes.push(await used());
  }
  const [settled, last] = [sizes[3], sizes[sizes.length - 1]];
  expect(last.heap, "bytes of the heap").toBeLessThan(settled.heap + 2_000_000);
  expect(last.nodes, "nodes of the document").toBeLessThan(settled.nodes + 500);
});

test("a chart follows the width of the page and the colours of the device", async ({ page, house }) => {
  const { owner, devices } = await house.demo();
  await house.signIn(page, owner);
  await page.goto(`${house.url}/devices/${devices[0].serial}`);
  await drawn(page, 2);
  const width = () => page.locator("#daily .chart__stage svg").evaluate((svg) => svg.getBoundingClientRect().width);
  const stroke = () => page.locator("#daily .chart__stage svg path[stroke-width='2.5']").first().getAttribute("stroke");
  const [before, light] = [await width(), await stroke()];
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(stroke).not.toBe(light);
  await page.setViewportSize({ width: 700, height: 800 });
  await expect.poll(width).not.toBe(before);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("every chart is a sentence, a picture and a table", async ({ page, house }) => {
    const { owner, devices } = await house.demo();
    await house.signIn(page, owner);
    await page.goto(`${house.url}/devices/${devices[0].serial}?days=7`);
    await expect(page.locator("#daily .panel__said")).toContainText(/7일의 평균은 \d\d\.\d/);
    await expect(page.locator("#daily .band-plot path").first()).toBeAttached();
    await page.getByText("표로 보기").last().click();
    await page.locator("#daily tbody th a").nth(1).click();
    await expect(page).toHaveURL(/\/history\?day=\d{4}-\d\d-\d\d/);
    await expect(page.locator("#day .panel__said")).toContainText("24시간 중");
    await page.getByRole("link", { name: "전날" }).click();
    await expect(page.locator("#day .slots")).toBeVisible();
  });
});
