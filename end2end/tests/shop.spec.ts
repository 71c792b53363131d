// From the shop to the shelf: made and labelled, claimed with a phone, shared, and shared no more.
import type { Browser, Locator, Page } from "@playwright/test";
import jsqr from "jsqr";
import { PNG } from "pngjs";
import type { Device, House, Person } from "../support/house.ts";
import { linkIn } from "../support/mailbox.ts";
import { examine } from "../support/examine.ts";
import { expect, test } from "../support/test.ts";

/** About what a printer puts on paper: 288 dots per inch. */
const PRINTER = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 3 };
const PHONE = { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true };

/** What a camera reads there. */
async function scan(label: Locator): Promise<string> {
  const picture = PNG.sync.read(await label.screenshot());
  const pixels = new Uint8ClampedArray(picture.data);
  return jsqr.default(pixels, picture.width, picture.height)?.data ?? "nothing that a camera can read";
}

/** Makes three products in the console; returns the address of their order. */
async function makeThree(page: Page, house: House): Promise<string> {
  await house.signIn(page, await house.operator("vera"));
  await page.goto(`${house.url}/operator`);
  await expect(page.locator("#broker .notice")).toBeVisible();
  await page.getByLabel("개수").fill("3");
  await examine(page, "operator-ko-light");
  await page.getByRole("button", { name: "만들기" }).click();
  await expect(page.getByRole("heading", { name: "제품 3개를 만들었어요" })).toBeVisible();
  await examine(page, "order-ko-light");
  return page.url();
}

/** The products of an order, as the machine that writes firmware gets them; by what their QR code opens. */
async function productsOf(page: Page, order: string): Promise<Map<string, Device>> {
  const csv = await (await page.request.get(`${order}/products.csv`)).text();
  const lines = csv.trim().split("\r\n").slice(1);
  const cells = lines.map((line) => line.split(",").map((cell) => cell.replaceAll('"', "")));
  return new Map(cells.map(([serial, , , , , password, link]) => [link, { serial, password }]));
}

/** Prints the sheet of an order: what its labels open, in their order. */
async function print(browser: Browser, desk: Page, order: string): Promise<string[]> {
  const context = await browser.newContext({ ...PRINTER, isMobile: false, storageState: await desk.context().storageState() });
  const page = await context.newPage();
  await page.goto(`${order}/labels`);
  await page.emulateMedia({ media: "print" });
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page\b/g), "three labels go on one sheet").toHaveLength(1);
  expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  const links = [];
  for (const label of await page.locator(".label").all()) links.push(await scan(label));
  await page.screenshot({ path: `screenshots/${test.info().project.name}-labels-print.png`, fullPage: true });
  await context.close();
  return links;
}

async function withPhone(browser: Browser, house: House, person: Person): Promise<Page> {
  const page = await (await browser.newContext(PHONE)).newPage();
  await house.signIn(page, person);
  return page;
}

test("what the shop makes is claimed by its QR code, shows its first reading by itself and is shared until it is not", async ({
  page,
  browser,
  house,
}) => {
  const order = await makeThree(page, house);
  const products = await productsOf(page, order);
  await page.getByRole("link", { name: "라벨 인쇄하기" }).click();
  await expect(page.locator(".label")).toHaveCount(3);
  await examine(page, "labels-ko-light");
  const links = await print(browser, page, order);
  expect(new Set(links)).toEqual(new Set(products.keys()));

  const [mina, juno] = [await house.person("mina"), await house.person("juno")];
  const device = products.get(links[1])!;
  const phone = await withPhone(browser, house, mina);
  await phone.goto(links[1]);
  await phone.getByLabel("이름").fill("다락방");
  await phone.locator("main form button").click();
  await expect(phone).toHaveURL(`${house.url}/devices/${device.serial}`);
  await house.publish(device, { t: 21.5, h: 48 });
  await expect(phone.locator("main"), "without a touch").toContainText("21.5");

  await phone.goto(`${house.url}/settings/family`);
  await phone.getByLabel("메일 주소").fill(juno.email);
  await phone.getByRole("button", { name: "초대장 보내기" }).click();
  const other = await withPhone(browser, house, juno);
  await other.goto(await linkIn(other, house, juno.email, /\/invite\?token=[\w-]+/));
  await other.getByRole("button", { name: "함께 보기" }).click();
  await other.goto(`${house.url}/devices/${device.serial}`);
  await expect(other.locator("main")).toContainText("21.5");

  await phone.reload();
  await phone.getByRole("button", { name: `${juno.email} 내보내기` }).click();
  await expect(phone.locator(".notice")).toHaveText("내보냈어요.");
  await phone.goto(`${house.url}/devices/${device.serial}`);
  await house.publish(device, { t: 26.5, h: 48 });
  await expect(phone.locator("main")).toContainText("26.5");
  await expect(other.locator("main"), "the page that was open").not.toContainText("26.5");
  const gone = await other.goto(`${house.url}/devices/${device.serial}`);
  expect(gone?.status()).toBe(404);
  await phone.context().close();
  await other.context().close();
});
