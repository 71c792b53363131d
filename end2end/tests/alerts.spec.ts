// A worry, from the tap that turns it on to the log that tells who knew: with and without script, in both languages.
import { linkIn } from "../support/mailbox.ts";
import { examine } from "../support/examine.ts";
import { expect, test } from "../support/test.ts";

const WORDS = {
  ko: {
    preset: "가스·화재 걱정 알림 켜기",
    added: "켰어요. 이제 살펴볼게요.",
    above: "정한 값보다 높으면",
    metric: "무엇을 살필지",
    number: "값, °C, % 또는 밝기",
    minutes: "시간, 분",
    tryIt: "지난 7일에 맞춰 보기",
    threeTimes: "지난 7일이라면 3번 울렸어요",
    never: "지난 7일이라면 한 번도 울리지 않았어요",
    add: "더하기",
    save: "저장",
    saved: "저장했어요.",
    rule: "온도가 28\u00a0°C보다 높아지면",
    changed: "온도가 29\u00a0°C보다 높아지면",
    headline: /빠르게 더워지고 있어요$/,
    see: "무슨 일인지 보기",
    rose: /22 → 29\.5 °C로 .+ 만에 올랐어요/,
    know: /^확인했어요/,
    noted: "확인했어요. 다시 알리지 않을게요.",
    told: /^알린 기록 \d건$/,
    accepted: /전해졌어요/,
  },
  en: {
    preset: "Turn on alerts: Gas or fire",
    added: "Turned on. It is being watched now.",
    above: "Above a value",
    metric: "What to watch",
    number: "Value, °C, % or light",
    minutes: "Time, minutes",
    tryIt: "Try on the last 7 days",
    threeTimes: "Alerts in the last 7 days: 3",
    never: "Alerts in the last 7 days: none",
    add: "Add",
    save: "Save",
    saved: "Saved.",
    rule: "When the temperature rises above 28\u00a0°C",
    changed: "When the temperature rises above 29\u00a0°C",
    headline: /is heating up fast$/,
    see: "See what happened",
    rose: /temperature rose 22 → 29\.5 °C in/,
    know: /^I know/,
    noted: "Noted. You will not be reminded.",
    told: /^Told: \d$/,
    accepted: /accepted/,
  },
};

const MINUTE_MS = 60_000;
const LETTER = /\/alerts\/acknowledge\?letter=[\w.-]+/;

/** Three hours of a room that was warm three times. */
function past(): object[] {
  const now = Date.now();
  const warm = (ago: number) => [150, 100, 50].some((peak) => ago <= peak && ago > peak - 5);
  const ago = Array.from({ length: 175 }, (_, nth) => 179 - nth);
  return ago.map((minutes) => ({ at: now - minutes * MINUTE_MS, t: warm(minutes) ? 28.5 : 22, h: 48 }));
}

for (const [language, words] of Object.entries(WORDS)) {
  for (const javaScriptEnabled of [true, false]) {
    const colorScheme = language === "ko" ? "light" : "dark";
    test.describe(`${language}, ${javaScriptEnabled ? "with" : "without"} script`, () => {
      test.use({ locale: language, colorScheme, javaScriptEnabled });

      test("a worry is turned on, tried on the past, told by mail and acknowledged", async ({ page, house }) => {
        const look = async (name: string) => {
          if (javaScriptEnabled) await examine(page, `${name}-${language}-${colorScheme}`);
        };
        const owner = await house.person("owner");
        const device = await house.device(owner);
        await house.publishAll(device, past());
        await house.signIn(page, owner);
        const rules = `${house.url}/devices/${device.serial}/alerts`;

        await page.goto(rules);
        await page.getByRole("button", { name: words.preset }).click();
        await expect(page.locator(".notice")).toHaveText(words.added);
        await look("rules");

        // A rule of one's own: first held against the past, then kept, then changed.
        const box = page.locator("details.rule", { hasText: words.above }).last();
        await box.locator("summary").click();
        await box.getByLabel(words.metric).selectOption("t");
        await box.getByLabel(words.number).fill("28");
        await box.getByLabel(words.minutes).fill("0");
        await box.getByRole("button", { name: words.tryIt }).click();
        await expect(page.getByRole("status").filter({ hasText: words.threeTimes })).toBeVisible();
        await look("rules-tried");
        const tried = page.locator("details.rule[open]");
        await expect(tried.getByLabel(words.number)).toHaveValue("28");
        await tried.getByRole("button", { name: words.add, exact: true }).click();
        await expect(page.locator(".notice")).toHaveText(words.added);
        const own = page.locator("details.rule", { hasText: words.rule });
        await own.locator("summary").click();
        await own.getByLabel(words.number).fill("29");
        await own.getByRole("button", { name: words.save }).click();
        await expect(page.locator(".notice")).toHaveText(words.saved);
        await expect(page.locator("summary", { hasText: words.changed })).toBeVisible();
        await expect(page.getByText(words.never).first()).toBeVisible();

        // The room gets warm.
        await house.publish(device, { at: Date.now() - 2_000, t: 22, h: 48 });
        await house.publish(device, { at: Date.now(), t: 29.5, h: 47 });
        await page.goto(house.url);
        await expect(page.locator("h1.status__headline")).toHaveText(words.headline);
        await look("home-alarmed");
        const link = await linkIn(page, house, owner.email, LETTER);

        // What looks into a mail opens its links; that acknowledges nothing.
        expect((await page.request.get(link)).ok()).toBe(true);
        await page.getByRole("link", { name: words.see }).click();
        await expect(page.locator(".alert--active")).toHaveCount(2);
        await look("log");

        // One by the page, the rest by the mail.
        await page.locator(".alert--active", { hasText: words.rose }).getByRole("button", { name: words.know }).click();
        await expect(page.locator(".notice")).toHaveText(words.noted);
        await expect(page.locator(".alert--known")).toHaveCount(1);
        await page.goto(link);
        await look("letter");
        await page.getByRole("button", { name: words.know }).click();
        await expect(page.locator(".settings__lead")).toHaveText(words.noted);

        await page.goto(`${house.url}/alerts`);
        await expect(page.locator(".alert--known")).toHaveCount(2);
        await expect(page.getByText(owner.email).first()).toBeVisible();
        await page.getByText(words.told).first().click();
        await expect(page.getByText(words.accepted).first()).toBeVisible();
      });
    });
  }
}
