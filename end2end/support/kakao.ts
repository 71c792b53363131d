// A Kakao of one's own: a login page to press through, tokens signed with its own key, and the API that tells who it is.
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

const CLIENT_ID = "rest-api-key-of-ours";
const CLIENT_SECRET = "client-secret-of-ours";
const KEY_ID = "key-of-this-test";

/** What a code is worth. */
interface Issued {
  challenge: string;
  nonce: string;
  redirect: string;
}

/** A running one. */
export class FakeKakao {
  private readonly key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  private readonly codes = new Map<string, Issued>();
  private readonly server: Server;
  private base = "";

  private constructor(private readonly email: string) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** Starts one at which somebody with this verified address is signed in. */
  static async start(email: string): Promise<FakeKakao> {
    const kakao = new FakeKakao(email);
    await new Promise<void>((resolve) => kakao.server.listen(0, "127.0.0.1", resolve));
    const address = kakao.server.address();
    if (address === null || typeof address === "string") throw new Error("no port was given");
    kakao.base = `http://127.0.0.1:${address.port}`;
    return kakao;
  }

  /** As the server is told of it. */
  get env(): NodeJS.ProcessEnv {
    return {
      TEMPLOG_KAKAO_CLIENT_ID: CLIENT_ID,
      TEMPLOG_KAKAO_CLIENT_SECRET: CLIENT_SECRET,
      TEMPLOG_KAKAO_AUTH_BASE: this.base,
      TEMPLOG_KAKAO_API_BASE: this.base,
    };
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.base);
    switch (url.pathname) {
      case "/oauth/authorize":
        return page(response, this.loginPage(url.searchParams));
      case "/oauth/token":
        return this.tokens(new URLSearchParams(await body(request)), response);
      case "/.well-known/jwks.json": {
        const jwk = createPublicKey(this.key).export({ format: "jwk" });
        return json(response, 200, { keys: [{ ...jwk, kid: KEY_ID, alg: "RS256", use: "sig" }] });
      }
      case "/v2/user/me":
        return json(response, 200, this.me());
      default:
        return json(response, 404, { msg: "no such api", code: -3 });
    }
  }

  private loginPage(asked: URLSearchParams): string {
    const state = asked.get("state") ?? "";
    const redirect = asked.get("redirect_uri") ?? "";
    const code = randomBytes(16).toString("hex");
    this.codes.set(code, { challenge: asked.get("code_challenge") ?? "", nonce: asked.get("nonce") ?? "", redirect });
    const back = (query: Record<string, string>) => `${redirect}?${new URLSearchParams({ ...query, state })}`;
    const refused = { error: "access_denied", error_description: "User denied access" };
    return `<!doctype html><html lang="ko"><head><title>카카오계정</title><link rel="icon" href="data:,"></head><body>
      <h1>카카오계정</h1><a href="${escape(back({ code }))}">동의하고 계속하기</a>
      <a href="${escape(back(refused))}">취소</a></body></html>`;
  }

  private tokens(asked: URLSearchParams, response: ServerResponse): void {
    const issued = this.codes.get(asked.get("code") ?? "");
    this.codes.delete(asked.get("code") ?? "");
    const verifier = createHash("sha256").update(asked.get("code_verifier") ?? "").digest("base64url");
    if (asked.get("client_id") !== CLIENT_ID || asked.get("client_secret") !== CLIENT_SECRET)
      return json(response, 401, { error: "invalid_client", error_code: "KOE010" });
    if (issued === undefined || issued.challenge !== verifier || issued.redirect !== asked.get("redirect_uri"))
      return json(response, 400, { error: "invalid_grant", error_code: "KOE320" });
    const exp = Math.floor(Date.now() / 1000) + 21_599;
    const claims = { iss: this.base, aud: CLIENT_ID, sub: "7", iat: exp - 21_599, exp, nonce: issued.nonce };
    return json(response, 200, {
      token_type: "bearer",
      access_token: "access",
      expires_in: 21_599,
      refresh_token: "refresh",
      refresh_token_expires_in: 5_183_999,
      scope: "account_email profile_nickname openid",
      id_token: this.signed(claims),
    });
  }

  private me(): object {
    const account = { profile: { nickname: "미나" }, has_email: true, is_email_valid: true, is_email_verified: true };
    return { id: 7, connected_at: "2026-11-20T08:00:00Z", kakao_account: { ...account, email: this.email } };
  }

  private signed(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", typ: "JWT", kid: KEY_ID })}.${part(claims)}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), this.key).toString("base64url")}`;
  }
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}

function page(response: ServerResponse, html: string): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function body(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
