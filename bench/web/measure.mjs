// Lighthouse's mobile preset on the pages that somebody on the way sees. Prints one JSON object: for each page the four
// scores (0 to 100), LCP and TBT in ms, CLS, and what cost points. `cargo xtask bench web` starts the server and calls it:
//   node measure.mjs http://127.0.0.1:3000 owner@templog.example password runs
import { existsSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [url, email, password, runs = "3"] = process.argv.slice(2);
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

const cookie = await signIn();
const serial = (await (await fetch(`${url}/api/v1/devices`, { headers: { cookie } })).json())[0].serial;
const pages = [
  { name: "landing", path: "/" },
  { name: "sign-in", path: "/sign-in" },
  { name: "home", path: "/", cookie },
  { name: "room", path: `/devices/${serial}`, cookie },
];
const chrome = await launch({
  chromePath: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync),
  chromeFlags: FLAGS,
});
try {
  const figures = {};
  for (const page of pages) figures[page.name] = await median(page);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await chrome.kill();
}

async function signIn() {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status !== 204) throw new Error(`signing in was answered with ${answer.status}`);
  return answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
}

// The run whose LCP is in the middle: one hiccup of the machine is not the page's.
async function median(page) {
  const found = [];
  for (let run = 0; run < Number(runs); run += 1) found.push(await look(page));
  found.sort((one, other) => one.lcp_ms - other.lcp_ms);
  return found[Math.floor(found.length / 2)];
}

async function look({ path, cookie }) {
  const extraHeaders = cookie ? { Cookie: cookie } : {};
  const options = { port: chrome.port, onlyCategories: CATEGORIES, extraHeaders, logLevel: "error" };
  const { lhr } = await lighthouse(url + path, options);
  if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
  const number = (audit) => lhr.audits[audit].numericValue;
  const weighed = CATEGORIES.flatMap((name) => lhr.categories[name].auditRefs.filter(({ weight }) => weight > 0));
  const lost = weighed.filter(({ id }) => lhr.audits[id].score !== null && lhr.audits[id].score < 0.9).map(({ id }) => id);
  return {
    scores: Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)])),
    lcp_ms: number("largest-contentful-paint"),
    tbt_ms: number("total-blocking-time"),
    cls: number("cumulative-layout-shift"),
    lost,
  };
}
