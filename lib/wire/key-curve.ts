import "server-only";
import net from "node:net";
import tls from "node:tls";

export interface CurveQuestion {
  /** One that the attempt has dialled, and so may be dialled again. */
  readonly address: string;
  readonly port: number;
  /** Sent as SNI; undefined sends none. */
  readonly servername: string | undefined;
  /** TLS at once, without PostgreSQL's request for it. */
  readonly direct: boolean;
}

/**
 * The curve of a server's key, where it is one that TLS does not offer by itself (Brainpool, secp256k1, P-224). Such a
 * server can only say that it found nothing in common; asked by somebody who offers these curves it shows its
 * certificate. Nothing is sent but the handshake, and nothing is trusted.
 * @returns null where the key is another one, or the server did not answer within two seconds
 */
export async function unusualKeyCurve(question: CurveQuestion): Promise<string | null> {
  const raw = net.connect({ host: question.address, port: question.port });
  let secured: tls.TLSSocket | undefined;
  const answer = new Promise<string | null>((resolve) => {
    const giveUp = () => resolve(null);
    raw.once("error", giveUp).once("close", giveUp).setTimeout(limitMs, giveUp);
    const shakeHands = () => {
      secured = tls.connect({
        socket: raw,
        rejectUnauthorized: false,
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.2",
        ecdhCurve: offered.join(":"),
        ALPNProtocols: ["postgresql"],
        ...(question.servername === undefined ? {} : { servername: question.servername }),
      });
      secured.once("error", giveUp).once("close", giveUp);
      secured.once("secureConnect", () => resolve(secured === undefined ? null : curveOf(secured)));
    };
    raw.once("connect", () => {
      if (question.direct) {
        shakeHands();
        return;
      }
      raw.write(sslRequest);
      raw.once("data", (byte) => (byte.toString("latin1") === "S" ? shakeHands() : giveUp()));
    });
  });
  const late = setTimeout(() => raw.destroy(), limitMs);
  try {
    return await answer;
  } catch {
    // This OpenSSL was built without one of the curves.
    return null;
  } finally {
    clearTimeout(late);
    secured?.on("error", () => undefined).destroy();
    raw.on("error", () => undefined).destroy();
  }
}

const limitMs = 2_000;

/** https://www.postgresql.org/docs/18/protocol-message-formats.html: SSLRequest. */
const sslRequest = Buffer.from("0000000804d2162f", "hex");

const unusual = ["brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256k1", "secp224r1"] as const;
const offered = ["X25519", "P-256", "P-384", "P-521", ...unusual] as const;

function curveOf(secured: tls.TLSSocket): string | null {
  const curve = secured.getPeerX509Certificate()?.publicKey.asymmetricKeyDetails?.namedCurve;
  return unusual.find((one) => one === curve) ?? null;
}
