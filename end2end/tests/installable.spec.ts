// The site can be installed: the browser says so itself, and what the manifests name is there.
import { PNG } from "pngjs";
import { expect, test } from "../support/test.ts";

interface Image {
  src: string;
  type: string;
  sizes: string;
}

interface Manifest {
  lang: string;
  icons: Image[];
  screenshots: Image[];
  shortcuts: { url: string; icons: Image[] }[];
}

for (const language of ["ko", "en"]) {
  test.describe(language, () => {
    test.use({ locale: language });

    test("the browser finds nothing that keeps it from installing the app", async ({ page, house }) => {
      await page.goto(house.url);
      await page.evaluate(() => navigator.serviceWorker.ready);
      const devtools = await page.context().newCDPSession(page);
      const { errors } = await devtools.send("Page.getAppManifest");
      expect(errors).toEqual([]);
      const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
      // A test's profile is a private one.
      expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
    });

    test("every picture and shortcut of the manifest is there, in its language and size", async ({ page, house }) => {
      await page.goto(house.url);
      const href = await page.locator("link[rel=manifest]").getAttribute("href");
      const manifest = (await (await page.request.get(house.url + href)).json()) as Manifest;
      expect(manifest.lang).toBe(language);
      const images = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(({ icons }) => icons)];
      for (const { src, type, sizes } of images) {
        const answer = await page.request.get(house.url + src);
        expect(answer.status(), src).toBe(200);
        if (type === "image/svg+xml") continue;
        const { width, height } = PNG.sync.read(await answer.body());
        expect(`${width}x${height}`, src).toBe(sizes);
      }
      await house.signIn(page, await house.person("owner"));
      for (const { url } of manifest.shortcuts) expect((await page.goto(house.url + url))?.status(), url).toBe(200);
    });
  });
}
