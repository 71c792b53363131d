// A real Mosquitto, with one account for the server and one for each device, as an operator would run it.
import { writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort, Process, run } from "./process.ts";

const PROGRAM = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"].find(existsSync) ?? "mosquitto";
const SERVER = { user: "server", password: "only-the-server-knows" };

// A device may use its own subtree, whose name is its user name.
const ACL = `user ${SERVER.user}\ntopic readwrite templog/v1/#\n\npattern readwrite templog/v1/%u/#\n`;

/** A broker outside the server. */
export class Mosquitto {
  private constructor(
    /** Where it listens. */
    readonly port: number,
    private readonly passwords: string,
    private readonly process: Process,
  ) {}

  /** Starts it with its files in `folder`. */
  static async start(folder: string): Promise<Mosquitto> {
    const port = await freePort();
    const [conf, passwords, acl] = ["mosquitto.conf", "passwords", "acl"].map((name) => join(folder, name));
    await writeFile(acl, ACL, { mode: 0o600 });
    await writeFile(passwords, "", { mode: 0o600 });
    await run("mosquitto_passwd", ["-b", passwords, SERVER.user, SERVER.password]);
    const settings = [
      `listener ${port} 127.0.0.1`,
      "allow_anonymous false",
      `password_file ${passwords}`,
      `acl_file ${acl}`,
      "persistence false",
      "max_queued_messages 100000",
      // Debian's package would otherwise change to a user who cannot read these files.
      "user root",
    ];
    await writeFile(conf, settings.join("\n"));
    const broker = new Mosquitto(port, passwords, Process.start(PROGRAM, ["-c", conf]));
    await broker.process.until(() => listens(port));
    return broker;
  }

  /** As the server is told of it. */
  get url(): string {
    return `mqtt://${SERVER.user}:${SERVER.password}@127.0.0.1:${this.port}`;
  }

  /** Lets a device in. Takes effect within a moment: whoever connects at once may have to try again. */
  async admit(username: string, password: string): Promise<void> {
    await run("mosquitto_passwd", ["-b", this.passwords, username, password]);
    // The broker reads its files anew on this signal.
    this.process.signal("SIGHUP");
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** Whether somebody accepts connections there. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
