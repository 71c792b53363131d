// Another household's device does not exist: not on a page, not in the interface, not on the socket.
import { expect, test } from "../support/test.ts";

test.use({ expectedComplaints: /\b404\b/ });

test("nobody sees a room of another household", async ({ page, house }) => {
  const [owner, neighbour] = [await house.person("owner"), await house.person("neighbour")];
  const [theirs, ours] = [await house.device(owner), await house.device(neighbour)];
  await house.publish(theirs, { t: 31.7, h: 40 });
  await house.publish(ours, { t: 20.5, h: 50 });
  await house.signIn(page, neighbour);

  await page.goto(house.url);
  await expect(page.locator(`[data-serial="${ours.serial}"]`)).toContainText("20.5");
  await expect(page.locator("[data-serial]")).toHaveCount(1);
  await expect(page.locator("body")).not.toContainText("31.7");

  const room = await page.goto(`${house.url}/devices/${theirs.serial}`);
  expect(room?.status()).toBe(404);
  await expect(page.locator("body")).not.toContainText("31.7");
  const invented = await page.request.get(`${house.url}/api/v1/devices/TL-00000000/current`);
  const foreign = await page.request.get(`${house.url}/api/v1/devices/${theirs.serial}/current`);
  expect([foreign.status(), invented.status()]).toEqual([404, 404]);
  expect(Object.keys(await foreign.json())).toEqual(Object.keys(await invented.json()));
});

test("the socket tells each household its own readings only", async ({ page, house }) => {
  const [owner, neighbour] = [await house.person("owner"), await house.person("neighbour")];
  const [theirs, ours] = [await house.device(owner), await house.device(neighbour)];
  await house.signIn(page, neighbour);
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(payload.toString())));
  await page.goto(house.url);
  await expect(page.locator("[data-link=open]")).toBeVisible();

  await house.publish(theirs, { t: 31.7, h: 40 });
  await house.publish(ours, { t: 20.5, h: 50 });

  await expect.poll(() => frames.join("\n")).toContain(ours.serial);
  expect(frames.join("\n")).not.toContain(theirs.serial);
});
