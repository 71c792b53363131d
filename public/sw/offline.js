// Keeps the site readable: files of an edition from the cache, pages from the network, and when the server is gone one
// page that says so. No page of anybody is ever kept: the one for "gone" is fetched as a stranger.
{
  const FILES = `files-${self.EDITION}`;
  const LANGUAGES = ["ko", "en"];
  const HEARD_FROM_A_PROXY = [502, 504];

  self.addEventListener("install", (event) => event.waitUntil(prepare()));
  self.addEventListener("activate", (event) => event.waitUntil(begin()));

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(event));
    else if (pathname.startsWith("/v/")) event.respondWith(file(request));
  });

  async function prepare() {
    const cache = await caches.open(FILES);
    const named = new Set();
    for (const language of LANGUAGES) {
      const answer = await fetch("/offline", {
        credentials: "omit",
        cache: "no-store",
        headers: { "Accept-Language": language },
      });
      if (!answer.ok) throw new Error(`/offline was answered with ${answer.status}`);
      for (const [, path] of (await answer.clone().text()).matchAll(/"(\/v\/[^"\/]+\/[^"]+)"/g)) named.add(path);
      await cache.put(`/offline?${language}`, answer);
    }
    await cache.addAll([...named]);
    // Files carry their edition in their address and pages are never kept, so a page of the edition before goes on
    // undisturbed, and nobody has to close all tabs first.
    await self.skipWaiting();
  }

  async function begin() {
    for (const name of await caches.keys()) {
      if (name.startsWith("files-") && name !== FILES) await caches.delete(name);
    }
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
    for (const client of await self.clients.matchAll()) client.postMessage({ edition: self.EDITION });
  }

  async function file(request) {
    const cache = await caches.open(FILES);
    const kept = await cache.match(request);
    if (kept) return kept;
    const answer = await fetch(request);
    if (answer.status === 200 && answer.headers.get("Cache-Control")?.includes("immutable")) {
      await cache.put(request, answer.clone());
    }
    return answer;
  }

  async function page(event) {
    let answer;
    try {
      answer = (await event.preloadResponse) ?? (await fetch(event.request));
      if (!HEARD_FROM_A_PROXY.includes(answer.status)) return answer;
    } catch {
      // No network, or no server: the same to whoever looks.
    }
    return (await gone()) ?? answer ?? Response.error();
  }

  async function gone() {
    const kept = await (await caches.open("kept")).match("/kept");
    const { language = navigator.language } = kept ? await kept.json() : {};
    const cache = await caches.open(FILES);
    return cache.match(`/offline?${language.startsWith("ko") ? "ko" : "en"}`);
  }
}
