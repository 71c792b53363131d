// `test` with a house of its own for every test, and an ear for whatever the browser complains about.
import { test as base, expect } from "@playwright/test";
import { type Door, House } from "./house.ts";

interface Options {
  /** By which door readings come in. */
  door: Door;
  /** Complaints that the test provokes on purpose. (No list: Playwright takes a list for a value with settings.) */
  expectedComplaints: RegExp | undefined;
}

interface Fixtures {
  /** A server that no other test touches. */
  house: House;
  /** Fails the test when the console holds an error or a warning (such as a hydration mismatch). */
  quietConsole: void;
}

export const test = base.extend<Options & Fixtures>({
  door: ["embedded", { option: true }],
  expectedComplaints: [undefined, { option: true }],

  house: async ({ door }, use) => {
    const house = await House.start(door);
    await use(house);
    await house.tearDown();
  },

  // The house is named first so that it is torn down last: a page must not see its server go before it is closed.
  context: async ({ house: _house, context }, use) => {
    await use(context);
  },

  quietConsole: [
    async ({ context, expectedComplaints, javaScriptEnabled }, use) => {
      const complaints: string[] = [];
      const note = (complaint: string) => {
        // Without script nothing uses what the page fetches for it.
        const isUnused = !javaScriptEnabled && complaint.includes("was preloaded using link preload but not used");
        if (!isUnused && !expectedComplaints?.test(complaint)) complaints.push(complaint);
      };
      context.on("console", (message) => {
        if (["error", "warning", "assert"].includes(message.type())) note(`${message.type()}: ${message.text()}`);
      });
      context.on("weberror", (error) => note(`uncaught: ${error.error().stack ?? error.error().message}`));
      context.on("response", (response) => {
        if (response.status() >= 400) note(`${response.status()}: ${response.url()}`);
      });
      await use();
      expect(complaints, "the browser complained").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
