// A real nginx with the file that people are given, and a certificate that only the test trusts.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { listens } from "./mosquitto.ts";
import { Process, run } from "./process.ts";

const PROGRAM = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync) ?? "nginx";
const TEMPLATE = resolve(import.meta.dirname, "../../deploy/nginx/templog.conf.template");
const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** https in front of a server. */
export class Nginx {
  private constructor(
    private readonly folder: string,
    private readonly process: Process,
  ) {}

  /** Starts it on `port`, before what listens on `upstream`. */
  static async start(port: number, upstream: string): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), "templog-nginx-"));
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", join(folder, "privkey.pem")];
    const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
    await run("openssl", ["req", "-x509", ...key, ...name, "-out", join(folder, "fullchain.pem")]);
    const values: Record<string, string> = {
      TEMPLOG_HTTPS_PORT: `${port}`,
      TEMPLOG_UPSTREAM: upstream,
      TEMPLOG_CERTIFICATES: folder,
    };
    const site = (await readFile(TEMPLATE, "utf8")).replace(/\$\{(\w+)\}/g, (_, variable: string) => values[variable]);
    await writeFile(join(folder, "templog.conf"), site);
    const temporary = TEMPORARY.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n");
    const http = `http {\naccess_log off;\n${temporary}\ninclude ${folder}/templog.conf;\n}\n`;
    const file = join(folder, "nginx.conf");
    await writeFile(file, `daemon off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\n${http}`);
    const nginx = new Nginx(folder, Process.start(PROGRAM, ["-c", file]));
    await nginx.process.until(() => listens(port));
    return nginx;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.folder, { recursive: true });
  }
}
