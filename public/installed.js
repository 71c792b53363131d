// What makes an app of the site: a worker behind it, the last known values kept for when the server is gone, a word when
// there is a newer edition, the number on its icon, and the way to the home screen. Pages are whole without all of it.
const root = document.documentElement;
const { viewer, files } = root.dataset;
const isOfflinePage = document.querySelector("[data-offline]") !== null;
const edition = files?.split("/")[2];

register();
keepValues();
showBadge();
offerInstallation();
awaitFirstRoom();

function register() {
  const worker = navigator.serviceWorker;
  // There is none over plain http from another machine.
  if (!worker) return;
  worker.addEventListener("message", ({ data }) => {
    if (data?.edition && data.edition !== edition && !isOfflinePage) offerReload();
  });
  worker.startMessages();
  const begin = async () => {
    const registration = await worker.register("/sw.js", { updateViaCache: "none" }).catch(() => undefined);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration?.update().catch(() => {});
    });
  };
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin, { once: true });
}

function offerReload() {
  const toast = document.querySelector("[data-toast=update]");
  if (!toast) return;
  toast.hidden = false;
  toast.querySelector("button").addEventListener("click", () => location.reload());
}

// Only numbers and names, only of whoever is signed in, gone when they are.
async function keepValues() {
  if (!window.caches || isOfflinePage) return;
  const rooms = document.getElementById("rooms");
  if (!viewer) return void (await caches.delete("kept"));
  if (!rooms) return;
  const seeds = JSON.parse(rooms.dataset.seeds);
  const keep = async () => {
    const cache = await caches.open("kept");
    const before = await (await cache.match("/kept"))?.json();
    const others = before?.viewer === viewer && location.pathname !== "/" ? before.rooms : [];
    const here = seeds.map((seed) => ({ serial: seed.serial, name: seed.name, ...seed.now, ...latest(rooms, seed) }));
    const merged = others.map((room) => here.find(({ serial }) => serial === room.serial) ?? room);
    merged.push(...here.filter(({ serial }) => !others.some((room) => room.serial === serial)));
    const { lang: language, dataset } = root;
    const kept = { viewer, language, theme: dataset.theme, degrees: dataset.degrees, rooms: merged };
    await cache.put("/kept", new Response(JSON.stringify(kept), { headers: { "Content-Type": "application/json" } }));
  };
  await keep();
  new MutationObserver(keep).observe(rooms, { attributeFilter: ["data-latest"] });
}

/** What the socket has told since: a line of `serial at t h` for each room. */
function latest(rooms, { serial, now }) {
  const line = rooms.dataset.latest?.split("\n").find((line) => line.startsWith(`${serial} `));
  if (!line) return {};
  const [, at, t, h] = line.split(" ").map((word) => (word === "-" ? null : Number(word)));
  return at >= (now?.at ?? 0) ? { at, t, h } : {};
}

/** On the app's icon: how many rooms something is wrong in. Only the home knows of all. */
function showBadge() {
  if (!navigator.setAppBadge || isOfflinePage) return;
  const rooms = location.pathname === "/" && document.getElementById("rooms");
  const count = rooms ? JSON.parse(rooms.dataset.seeds).filter(({ alarm }) => alarm).length : 0;
  if (count > 0) navigator.setAppBadge(count).catch(() => {});
  else if (rooms || !viewer) navigator.clearAppBadge().catch(() => {});
}

function offerInstallation() {
  const offer = document.querySelector("[data-install]");
  const installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (!offer || installed) return;
  // Safari on a phone has no prompt; there the words tell the way.
  const isApple = navigator.standalone !== undefined;
  if (isApple) {
    offer.querySelector("[data-install-by-hand]").hidden = false;
    offer.hidden = false;
    return;
  }
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const button = offer.querySelector("button");
    button.hidden = false;
    offer.hidden = false;
    button.addEventListener("click", async () => {
      offer.hidden = true;
      await event.prompt();
    });
  });
  window.addEventListener("appinstalled", () => (offer.hidden = true));
}

// An empty home: the first room appears by itself.
function awaitFirstRoom() {
  if (!document.querySelector("[data-awaits-room]")) return;
  const look = async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch("/api/v1/devices").catch(() => undefined);
    if (answer?.ok && (await answer.json()).length > 0) location.reload();
  };
  setInterval(look, 3_000);
}
