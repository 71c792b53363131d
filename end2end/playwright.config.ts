// Two sizes, one browser: what a phone in the hand and a screen on the desk see of the same server.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// The system's browser; where there is none of these, the one that `npx playwright install chromium` fetched.
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export default defineConfig({
  testDir: "tests",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  reporter: [["list"]],
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  projects: [
    { name: "phone", testIgnore: "layout.spec.ts", use: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true } },
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
    // Only when asked for: `npm run pictures`.
    { name: "screenshots-matrix", testDir: "pictures", testMatch: "*.pictures.ts" },
  ],
});
