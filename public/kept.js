// The page for when the server is gone: shows what this browser was told last, each value with its age, and comes back by
// itself as soon as the server does.
const root = document.documentElement;
const list = document.querySelector("[data-offline] .cards");
const template = document.querySelector("#kept-room");
const isElsewhere = location.pathname !== "/offline";

const kept = await read();
if (kept) {
  if (kept.theme) root.dataset.theme = kept.theme;
  const rooms = kept.rooms.filter(({ at }) => at);
  list.replaceChildren(...rooms.map(card));
  document.querySelector("[data-none-kept]").hidden = rooms.length > 0;
}
document.querySelector("[data-again]").addEventListener("click", again);
window.addEventListener("online", returnIfThere);
setInterval(returnIfThere, 15_000);

async function read() {
  const answer = await (await window.caches?.open("kept"))?.match("/kept");
  return answer?.json();
}

function card({ name, at, t, h }) {
  const part = template.content.cloneNode(true);
  const put = (selector, words) => (part.querySelector(selector).textContent = words);
  put(".card__name", name);
  const isFahrenheit = kept.degrees === "f";
  const temperature = isFahrenheit && t !== null ? t * 1.8 + 32 : t;
  put("[data-t]", typeof temperature === "number" ? temperature.toFixed(1).replace("-", "−") : "–");
  put("[data-unit]", isFahrenheit ? "°F" : "°C");
  put("[data-h]", typeof h === "number" ? h.toFixed(0) : "–");
  const time = part.querySelector("time");
  time.dateTime = new Date(at).toISOString();
  const tell = () => (time.textContent = `${age(at)} · ${clock(at)}`);
  tell();
  setInterval(tell, 10_000);
  return part;
}

function age(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  const words = new Intl.RelativeTimeFormat(root.lang, { numeric: "always" });
  for (const [unit, length] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
    if (seconds >= length) return words.format(-Math.floor(seconds / length), unit);
  }
  return words.format(-seconds, "second");
}

function clock(at) {
  const style = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(root.lang, style).format(at);
}

function again() {
  if (isElsewhere) location.reload();
  else location.assign("/");
}

async function returnIfThere() {
  if (!isElsewhere) return;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) location.reload();
}
