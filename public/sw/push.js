// What the house has to say while no page is open: shows it, and acts on what its reader taps.
//
// A message is JSON, made by server/src/push/message.rs:
//   { title, body, tag, lang, url, letter?, actions: [{ action, title }], urgent, again }
// `letter` is the signed token of what it tells: whoever holds it may say that they know, signed in or not.
"use strict";

/** What is shown of a message that cannot be read: browsers demand that something is. */
const UNREADABLE = { title: "TempLog", body: "", url: "/alerts", actions: [] };

/** Signed in or not; nothing of a page is asked for. */
const post = (path, fields) => fetch(path, { method: "POST", body: new URLSearchParams(fields) });

function read(event) {
  try {
    return { ...UNREADABLE, ...event.data.json() };
  } catch {
    return UNREADABLE;
  }
}

function show(message) {
  return self.registration.showNotification(message.title, {
    body: message.body,
    tag: message.tag,
    lang: message.lang,
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    actions: message.actions,
    // One tag takes the other's place; without this it would do so without a sound.
    renotify: Boolean(message.tag && message.again),
    requireInteraction: Boolean(message.urgent),
    data: { url: message.url, letter: message.letter },
  });
}

/** Shows the page at `url` in a window that is there already, or in a new one. */
async function open(url) {
  const windows = await self.clients.matchAll({ type: "window" });
  for (const one of windows) {
    const shown = await one.navigate(url).then((there) => there?.focus()).catch(() => undefined);
    if (shown) return;
  }
  await self.clients.openWindow(url);
}

/** Says that its reader knows. Where that does not get through, the page shows why. */
async function acknowledge(data) {
  const answer = await post("/alerts/acknowledge", { letter: data.letter }).catch(() => undefined);
  // The server leads back to the letter's own page; to a page without a letter if it was refused.
  const isKnown = answer?.ok && new URL(answer.url).searchParams.has("letter");
  if (!isKnown) await open(data.url);
}

/** The ledger wants to know; a tap is worth as much without. */
const note = (data) => (data.letter ? post("/alerts/opened", { letter: data.letter }).catch(() => undefined) : undefined);

self.addEventListener("push", (event) => {
  event.waitUntil(show(read(event)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const data = event.notification.data ?? UNREADABLE;
  const act = event.action === "acknowledge" && data.letter ? acknowledge(data) : open(data.url);
  event.waitUntil(Promise.all([act, note(data)]));
});

// The push service has given this browser another address: the server has to know it.
self.addEventListener("pushsubscriptionchange", (event) => {
  const subscribe = async () => {
    const key = await fetch("/push/key").then((answer) => answer.text());
    const fresh = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = fresh.toJSON();
    const before = event.oldSubscription?.endpoint ?? "";
    await post("/settings/notifications/push", { endpoint, p256dh: keys.p256dh, auth: keys.auth, before });
  };
  event.waitUntil(subscribe());
});
