// What people find in their mail: the folder that the server keeps when it has no mail server.
import type { Page } from "@playwright/test";
import type { House } from "./house.ts";
import { poll } from "./process.ts";

/** The first address of this shape in the newest mail to somebody, once there is one. */
export async function linkIn(page: Page, house: House, to: string, shape: RegExp): Promise<string> {
  let link = "";
  await poll(`a mail to ${to} with ${shape}`, async () => {
    const list = await (await page.request.get(`${house.url}/dev/mailbox?to=${encodeURIComponent(to)}`)).text();
    const name = list.match(/<li><a href="\/dev\/mailbox\/([^"]+)">/)?.[1];
    if (!name) return false;
    const mail = await (await page.request.get(`${house.url}/dev/mailbox/${name}`)).text();
    link = mail.match(shape)?.[0] ?? "";
    return link !== "";
  });
  return house.url + link;
}
