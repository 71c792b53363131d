// Stands in for a browser maker's push service, with the key of one browser: takes what the server sends and reads it
// (RFC 8291), so that a test can hand it to the browser's real service worker.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { BrowserContext, Page } from "@playwright/test";
import { poll } from "./process.ts";

/** What the server said, as `public/sw/push.js` reads it. */
export interface Message {
  title: string;
  body: string;
  tag: string;
  url: string;
  letter?: string;
  actions: { action: string; title: string }[];
}

/** A running one. */
export class PushService {
  private readonly key = createECDH("prime256v1");
  private readonly auth = randomBytes(16);
  private readonly server: Server;
  private readonly taken: Message[] = [];
  private base = "";

  private constructor() {
    this.key.generateKeys();
    this.server = createServer((request, response) => void this.take(request, response));
  }

  static async start(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((resolve) => service.server.listen(0, "127.0.0.1", resolve));
    const address = service.server.address();
    if (address === null || typeof address === "string") throw new Error("no port was given");
    service.base = `http://127.0.0.1:${address.port}`;
    return service;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What the browser would get from its maker's service, which cannot be reached here. Everything else is its own. */
  async standInFor(context: BrowserContext): Promise<void> {
    const subscription = {
      endpoint: `${this.base}/browser`,
      keys: { p256dh: this.key.getPublicKey("base64url"), auth: this.auth.toString("base64url") },
    };
    await context.addInitScript((subscription) => {
      PushManager.prototype.getSubscription = async () => null;
      PushManager.prototype.subscribe = async (options) => {
        if (!options?.userVisibleOnly || !options.applicationServerKey) throw new Error("browsers refuse that");
        return { ...subscription, toJSON: () => subscription } as unknown as PushSubscription;
      };
    }, subscription);
  }

  /** The n-th message (from 1), once it is there. */
  async message(n: number): Promise<Message> {
    await poll(`message ${n} to the browser`, async () => this.taken.length >= n);
    return this.taken[n - 1];
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    this.taken.push(JSON.parse(this.read(Buffer.concat(pieces))) as Message);
    response.writeHead(201).end();
  }

  private read(body: Buffer): string {
    const [salt, sender, record] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.key.getPublicKey(), sender]);
    const input = hkdfSync("sha256", this.key.computeSecret(sender), this.auth, info, 32);
    const derive = (what: string, length: number) =>
      Buffer.from(hkdfSync("sha256", Buffer.from(input), salt, `Content-Encoding: ${what}\0`, length));
    const cipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
    cipher.setAuthTag(record.subarray(-16));
    const plain = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    return plain.subarray(0, plain.lastIndexOf(2)).toString();
  }
}

/** Hands a message to the service worker of a page's site, as a push service would. */
export async function deliver(page: Page, message: Message): Promise<void> {
  const session = await page.context().newCDPSession(page);
  let registrationId = "";
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    registrationId = registrations.find(({ isDeleted }) => !isDeleted)?.registrationId ?? registrationId;
  });
  await session.send("ServiceWorker.enable");
  await poll("the browser to tell of its service worker", async () => registrationId !== "");
  const origin = new URL(page.url()).origin;
  await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: JSON.stringify(message) });
  await session.detach();
}
