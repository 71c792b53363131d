// Programs that a test starts: on free ports, with their output kept, and ended with the test whatever happens.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

/** A started program. */
export class Process {
  private said = "";
  private readonly ended: Promise<number | null>;

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    const hear = (chunk: Buffer) => {
      this.said = (this.said + chunk.toString()).slice(-20_000);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    this.ended = new Promise((resolve) => {
      child.once("exit", resolve);
      child.once("error", (error) => {
        this.said += `\n${error.message}`;
        resolve(-1);
      });
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    this.ended.then(() => process.off("exit", kill));
  }

  /** Starts a program that runs until it is stopped. */
  static start(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Process {
    return new Process(program, spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until `ready` is true; fails at once if the program ends before. */
  async until(ready: () => Promise<boolean>): Promise<void> {
    let over = false;
    this.ended.then(() => (over = true));
    await poll(`${this.name} to be ready`, async () => {
      if (over) throw new Error(`${this.name} ended by itself:\n${this.said}`);
      return ready();
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.said}`);
    });
  }

  /** Asks it to end, and waits until it did. */
  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    const code = await this.ended;
    clearTimeout(late);
    if (code !== 0) throw new Error(`${this.name} did not end in good order (${code}):\n${this.said}`);
  }
}

/** Runs a program to its end; returns what it printed. */
export async function run(program: string, args: string[], env = process.env, input = ""): Promise<string> {
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  // A program that reads nothing may have ended before we have closed what it does not read.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${err || out}`);
  return out;
}

/** Asks again and again until the answer is yes. */
export async function poll(what: string, ask: () => Promise<boolean>, limit = 20_000): Promise<void> {
  const deadline = Date.now() + limit;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`waited ${limit} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}
