// A stranger understands and gets in; somebody with an empty home sees a first reading within two minutes.
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Process } from "../support/process.ts";
import { ROOT, SIMULATOR } from "../support/house.ts";
import { expect, test } from "../support/test.ts";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a stranger sees a room of the demo household as it is now, and that it is one", async ({ page, house }) => {
      const { devices } = await house.demo();
      await house.publish(devices[0], { t: 22.4, h: 51 });
      await page.goto(house.url);
      const room = page.getByRole("figure");
      await expect(room).toContainText("22.4");
      await expect(room).toContainText("데모예요");
      await expect(page.locator("body")).not.toContainText(devices[0].serial);
      await page.getByRole("link", { name: "시작하기" }).click();
      await expect(page).toHaveURL(/\/sign-up$/);
    });

    test("where there is no demo household, a stranger sees a recorded day, called an example", async ({ page, house }) => {
      const owner = await house.person("owner");
      await house.publish(await house.device(owner), { t: 31.7, h: 51 });
      await page.goto(house.url);
      await expect(page.getByRole("figure")).toContainText("예시예요");
      await expect(page.locator("body")).not.toContainText("31.7");
    });
  });
}

test("the commands on an empty home bring a first reading, and the page turns to it by itself", async ({ page, house }) => {
  const owner = await house.person("owner");
  await house.signIn(page, owner);
  await page.goto(house.url);
  await page.getByText("기기가 아직 없다면").click();
  const said = await page.locator("pre").innerText();
  const [create, simulate] = said.split("\n");
  expect(create).toContain(`--owner ${owner.email}`);

  const began = Date.now();
  const file = join(tmpdir(), `templog-room-${began}.json`);
  await writeFile(file, await house.templog(create.split(" > ")[0].split(" ").slice(1)));
  const args = simulate.split(" ").slice(1).map((word) => (word === "room.json" ? file : word.replace(/^firmware/, `${ROOT}/firmware`)));
  const simulator = Process.start(SIMULATOR, args);
  await expect(page.locator(".card .reading")).toContainText(/\d\d\.\d/, { timeout: 40_000 });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("집은 괜찮아요");
  expect(Date.now() - began).toBeLessThan(120_000);
  await simulator.stop();
});
