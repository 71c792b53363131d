// What must hold of every page on every screen, whatever fonts a machine has: nothing is cut off, nothing overlaps, nothing
// is too small for a finger, and nothing moves while a page loads. (Sizes are set here: one project is enough.)
import type { Page } from "@playwright/test";
import type { House } from "../support/house.ts";
import { home, OF_STRANGERS, settled } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

const SCREENS = [
  { name: "a small phone", width: 360, height: 780 },
  { name: "a phone on its side", width: 780, height: 360 },
  { name: "a tablet", width: 768, height: 1024 },
  { name: "a desk", width: 1280, height: 800 },
  { name: "a wide desk", width: 1920, height: 1080 },
];
/** WCAG 2.2, 2.5.8; what stands within a sentence is exempt. */
const LEAST_TARGET = 24;

/** What is wrong with a page, in words. */
function faults(page: Page): Promise<string[]> {
  return page.evaluate((leastTarget) => {
    const found: string[] = [];
    const name = (element: Element) =>
      `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent?.trim().slice(0, 40)}`;
    const sideways = document.documentElement.scrollWidth - window.innerWidth;
    if (sideways > 0) found.push(`scrolls sideways by ${sideways} px`);
    const isShown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      !element.closest(".visually-hidden, .skip");
    for (const element of document.querySelectorAll("h1, h2, h3, p, li, dt, dd, a, button, label, td, th")) {
      if (!isShown(element)) continue;
      const { overflowX } = getComputedStyle(element);
      const scrolls = overflowX === "auto" || overflowX === "scroll";
      if (!scrolls && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) {
        found.push(`cut off: ${name(element)}`);
      }
    }
    const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")];
    // A label around a box is as good to tap as the box.
    const tapped = (element: Element) => element.closest("label") ?? element;
    const boxes = targets.filter(isShown).map((element) => ({ element, box: tapped(element).getBoundingClientRect() }));
    for (const { element, box } of boxes) {
      const inSentence = getComputedStyle(element).display === "inline";
      if (!inSentence && (box.height < leastTarget || box.width < Math.min(leastTarget, 16))) {
        found.push(`too small (${Math.round(box.width)} × ${Math.round(box.height)}): ${name(element)}`);
      }
    }
    for (const [at, { element, box }] of boxes.entries()) {
      for (const { element: other, box: its } of boxes.slice(at + 1)) {
        const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        const nested = element.contains(other) || other.contains(element);
        if (!nested && wide > 2 && high > 2) found.push(`overlap: ${name(element)} and ${name(other)}`);
      }
    }
    return found;
  }, LEAST_TARGET);
}

/** All that is wrong with all of them. */
async function faultsOf(page: Page, url: string, paths: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    await page.goto(url + path);
    await settled(page);
    for (const { name, width, height } of SCREENS) {
      await page.setViewportSize({ width, height });
      for (const fault of await faults(page)) found.push(`${path} on ${name}: ${fault}`);
    }
  }
  return found;
}

async function expectNone(page: Page, house: House): Promise<void> {
  const strange = await faultsOf(page, house.url, OF_STRANGERS);
  const { owner, paths } = await home(house);
  await house.signIn(page, owner);
  expect([...strange, ...(await faultsOf(page, house.url, paths))]).toEqual([]);
}

for (const locale of ["ko-KR", "en-GB"]) {
  test.describe(locale, () => {
    test.use({ locale, expectedComplaints: /\b404\b/ });

    test("every page fits every screen", async ({ page, house }) => {
      test.slow();
      await expectNone(page, house);
    });

    test("every page fits with text twice as large", async ({ page, house }) => {
      test.slow();
      // What a browser's setting for text does: everything that is sized by the text follows.
      await page.addInitScript(() => {
        new MutationObserver(() => (document.documentElement.style.fontSize = "200%")).observe(document, { childList: true });
      });
      await expectNone(page, house);
    });
  });
}

test("nothing moves while a page loads", async ({ page, house }) => {
  test.slow();
  await page.addInitScript(() => {
    Object.assign(window, { moved: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!hadRecentInput) Object.assign(window, { moved: (window as unknown as { moved: number }).moved + value });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  const { owner, paths } = await home(house);
  const examine = async (path: string) => {
    await page.goto(house.url + path);
    await settled(page);
    const moved = await page.evaluate(() => (window as unknown as { moved: number }).moved);
    expect(moved, `layout shift of ${path}`).toBeLessThanOrEqual(0.02);
  };
  for (const path of ["/", "/sign-in", "/sign-up"]) await examine(path);
  await house.signIn(page, owner);
  for (const path of paths) await examine(path);
});
