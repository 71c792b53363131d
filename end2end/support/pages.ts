// Every page of the site, by who may open it: the one list that the tests of all pages go through.
import type { Device, House, Person } from "./house.ts";
import type { Page } from "@playwright/test";

/** Pages that anybody may open. */
export const OF_STRANGERS = [
  "/",
  "/sign-in",
  "/sign-up",
  "/verify",
  "/forgot-password",
  "/reset-password",
  "/sign-in/kakao/trouble",
  "/alerts/acknowledge",
  "/api",
  "/offline",
  "/no/such/page",
];

/** Pages of somebody who is signed in, about no device in particular. */
export const OF_PEOPLE = [
  "/",
  "/add",
  "/claim?serial=TL-00000000&code=7K3F-9Q2M-ZV5H",
  "/compare",
  "/alerts",
  "/settings",
  "/settings/account",
  "/settings/account/delete",
  "/settings/family",
  "/settings/notifications",
  "/settings/sessions",
  "/settings/sign-in",
  "/settings/tokens",
];

/** Pages of one device. */
export function ofDevice({ serial }: Device): string[] {
  return ["", "/alerts", "/history", "/settings"].map((part) => `/devices/${serial}${part}`);
}

/** Pages of the shop. */
export const OF_OPERATORS = ["/operator"];

/** Somebody at home, the devices there, and all their pages. */
export async function home(house: House): Promise<{ owner: Person; devices: Device[]; paths: string[] }> {
  const { owner, devices } = await house.demo();
  for (const device of devices) await house.publish(device, { t: 22.4, h: 51 });
  return { owner, devices, paths: [...OF_PEOPLE, ...ofDevice(devices[0])] };
}

/** The page and everything it loads is there, and its script has come alive. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  if ((await page.locator("#rooms").count()) > 0) await page.locator("[data-link=open]").waitFor();
}

/** A file's name that tells which page it shows. */
export function nameOf(path: string): string {
  const [address] = path.split("?");
  return address.replace(/TL-[0-9A-Z]{8}/, "room").replaceAll("/", "-").slice(1) || "front";
}
