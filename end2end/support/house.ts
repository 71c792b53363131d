// One TempLog server of its own for a test: a temporary folder, free ports, one of the two doors.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { Mosquitto } from "./mosquitto.ts";
import { freePort, poll, Process, run } from "./process.ts";

/** By which door readings come in: the broker inside the server, or one outside. */
export type Door = "embedded" | "mosquitto";
/** As `mosquitto_pub` calls the protocol versions. */
export type Version = "mqttv311" | "mqttv5";

/** Somebody who can sign in. */
export interface Person {
  email: string;
  password: string;
}

/** A device and the way it connects. */
export interface Device {
  serial: string;
  password: string;
}

/** What `templog product create` prints of one product. */
interface Product {
  serial: string;
  mqtt: { password: string };
}

/** Of the whole project. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** The server that is tested. */
export const PROGRAM = process.env.TEMPLOG_PROGRAM ?? join(ROOT, "target/debug/templog");
/** What browsers load. */
export const SITE = process.env.TEMPLOG_SITE_DIR ?? join(ROOT, "target/site-test");
/** Devices, simulated; built beside the server. */
export const SIMULATOR = join(dirname(PROGRAM), "templog-simulator");
const RECORDING = join(ROOT, "firmware/simulator/rooms/house.csv");

/** A running server. */
export class House {
  private server?: Process;
  private simulators: Process[] = [];

  private constructor(
    private readonly folder: string,
    private readonly httpPort: number,
    private readonly mqttPort: number,
    private readonly broker?: Mosquitto,
    private readonly more: NodeJS.ProcessEnv = {},
  ) {}

  /** Starts one, and its broker if that is outside; `more` adds to its environment. */
  static async start(door: Door, more: NodeJS.ProcessEnv = {}): Promise<House> {
    if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: \`cargo xtask test\` builds it`);
    const folder = await mkdtemp(join(tmpdir(), "templog-e2e-"));
    const broker = door === "mosquitto" ? await Mosquitto.start(folder) : undefined;
    const house = new House(folder, await freePort(), broker?.port ?? (await freePort()), broker, more);
    await house.open();
    return house;
  }

  /** Its front page. */
  get url(): string {
    return this.more.TEMPLOG_PUBLIC_URL ?? `http://localhost:${this.httpPort}`;
  }

  /** Where it answers plain http. */
  get port(): number {
    return this.httpPort;
  }

  /** Starts the server again after `close`. */
  async open(): Promise<void> {
    this.server = Process.start(PROGRAM, ["serve"], this.env);
    await this.server.until(() => this.answers("/readyz"));
  }

  /** Stops the server; broker and data stay. */
  async close(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  /** Stops everything and forgets it. */
  async tearDown(): Promise<void> {
    await this.switchOff();
    await this.close();
    await this.broker?.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Somebody with a household of their own. */
  async person(name: string): Promise<Person> {
    return this.user(name);
  }

  /** Somebody who works for the shop. */
  async operator(name: string): Promise<Person> {
    return this.user(name, "--operator");
  }

  /** A device in somebody's household. */
  async device(owner: Person): Promise<Device> {
    const printed = await this.templog(["product", "create", "--count", "1", "--owner", owner.email]);
    const [product] = JSON.parse(printed) as Product[];
    return this.admitted(product);
  }

  /** The household that `cargo xtask run` shows, with its history; returns its owner and devices. */
  async demo(): Promise<{ owner: Person; devices: Device[] }> {
    const file = join(this.folder, "products.json");
    await this.templog(["demo", "--file", RECORDING, "--days", "90", "--credentials", file]);
    const products = JSON.parse(await readFile(file, "utf8")) as Product[];
    const devices = [];
    for (const product of products) devices.push(await this.admitted(product));
    return { owner: { email: "demo@templog.example", password: "home-is-all-right" }, devices };
  }

  /** Switches devices on: simulated ones, each of which plays a recorded room and does what it is told. */
  async switchOn(...devices: Device[]): Promise<void> {
    const url = `mqtt://127.0.0.1:${this.mqttPort}`;
    const product = ({ serial, password }: Device) => ({
      serial,
      mqtt: { url, client_id: serial, username: serial, password },
    });
    const file = join(this.folder, `${devices[0].serial}.json`);
    await writeFile(file, JSON.stringify(devices.map(product)));
    this.simulators.push(Process.start(SIMULATOR, ["--credentials", file, "--file", RECORDING]));
  }

  /** Switches all of them off. */
  async switchOff(): Promise<void> {
    for (const simulator of this.simulators.splice(0)) await simulator.stop();
  }

  /** Publishes as the device itself would; returns when the broker has acknowledged it. */
  async publish(device: Device, payload: object, version: Version = "mqttv5", leaf = "telemetry"): Promise<void> {
    const { serial, password } = device;
    const args = ["-h", "127.0.0.1", "-p", `${this.mqttPort}`, "-V", version, "-q", "1"];
    args.push("-i", serial, "-u", serial, "-P", password, "-t", `templog/v1/${serial}/${leaf}`);
    args.push("-m", JSON.stringify(payload));
    await run("mosquitto_pub", leaf === "status" ? [...args, "-r"] : args);
  }

  /** Publishes one after another over one connection; returns when the broker has them all. */
  async publishAll(device: Device, payloads: object[]): Promise<void> {
    const { serial, password } = device;
    const args = ["-h", "127.0.0.1", "-p", `${this.mqttPort}`, "-V", "mqttv5", "-q", "1", "-l"];
    args.push("-i", serial, "-u", serial, "-P", password, "-t", `templog/v1/${serial}/telemetry`);
    const lines = payloads.map((payload) => JSON.stringify(payload)).join("\n");
    await run("mosquitto_pub", args, undefined, `${lines}\n`);
  }

  /** Gives the page's browser a session, without the form. */
  async signIn(page: Page, person: Person): Promise<void> {
    const answer = await page.request.post(`${this.url}/api/v1/session`, { data: person });
    if (answer.status() !== 204) throw new Error(`signing in was answered with ${answer.status()}`);
  }

  private async admitted(product: Product): Promise<Device> {
    const device = { serial: product.serial, password: product.mqtt.password };
    if (this.broker) {
      await this.broker.admit(device.serial, device.password);
      // Only a subscriber that was let in ends well: then the broker knows the new account.
      const args = ["-h", "127.0.0.1", "-p", `${this.broker.port}`, "-i", device.serial, "-E"];
      args.push("-u", device.serial, "-P", device.password, "-t", `templog/v1/${device.serial}/cmd/#`);
      const letIn = () => run("mosquitto_sub", args).then(() => true, () => false);
      await poll("Mosquitto to admit the device", letIn);
    }
    return device;
  }

  private async user(name: string, ...more: string[]): Promise<Person> {
    const person = { email: `${name}@house.example`, password: `${name} likes it warm` };
    await this.templog(["user", "create", person.email, ...more], `${person.password}\n`);
    return person;
  }

  /** What the program prints when it is called so. */
  templog(args: string[], input = ""): Promise<string> {
    return run(PROGRAM, args, this.env, input);
  }

  private async answers(path: string): Promise<boolean> {
    return fetch(`http://localhost:${this.httpPort}${path}`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  private get env(): NodeJS.ProcessEnv {
    const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("TEMPLOG_"));
    const env: NodeJS.ProcessEnv = {
      ...Object.fromEntries(outer),
      TEMPLOG_HTTP_ADDR: `127.0.0.1:${this.httpPort}`,
      TEMPLOG_PUBLIC_URL: this.url,
      TEMPLOG_DATA_DIR: join(this.folder, "data"),
      TEMPLOG_SITE_DIR: SITE,
      TEMPLOG_MQTT_LISTEN: `127.0.0.1:${this.mqttPort}`,
      ...this.more,
    };
    if (this.broker) env.TEMPLOG_MQTT_URL = this.broker.url;
    return env;
  }
}
