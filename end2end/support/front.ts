// nginx before a server, with the very file that people get: https outside, plain http behind.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Process, run } from "./process.ts";

const PROGRAM = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync) ?? "nginx";
const TEMPLATE = resolve(import.meta.dirname, "../../deploy/nginx/templog.conf.template");
const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** A running nginx. */
export class Front {
  private constructor(
    /** Where people find it. */
    readonly port: number,
    private readonly folder: string,
    private readonly process: Process,
  ) {}

  /** Starts it on `port` before a server on `upstream`. */
  static async start(port: number, upstream: number): Promise<Front> {
    const folder = await mkdtemp(join(tmpdir(), "templog-front-"));
    const [key, certificate] = [join(folder, "privkey.pem"), join(folder, "fullchain.pem")];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
    await run("openssl", [...asked, ...names]);
    const site = (await readFile(TEMPLATE, "utf8"))
      .replaceAll("${TEMPLOG_HTTPS_PORT}", `${port}`)
      .replaceAll("${TEMPLOG_UPSTREAM}", `127.0.0.1:${upstream}`)
      .replaceAll("${TEMPLOG_CERTIFICATES}", folder);
    const paths = TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n");
    const around = `daemon off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${paths}\n${site}\n}\n`;
    const file = join(folder, "nginx.conf");
    await writeFile(file, around);
    const front = new Front(port, folder, Process.start(PROGRAM, ["-c", file]));
    await front.process.until(() => front.listens());
    return front;
  }

  /** Ends it and forgets its files. */
  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.folder, { recursive: true });
  }

  private listens(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connect(this.port, "127.0.0.1", () => {
        socket.end();
        done(true);
      });
      socket.on("error", () => done(false));
    });
  }
}

