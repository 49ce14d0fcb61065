import { looksLikeManifest } from "#lib/certificates/named-scalars.ts";
import { type MaterialBox, type PemBlock, pemBlocks, pemTextProblems } from "#lib/certificates/pem-kind.ts";
import { textOfBytes } from "#lib/certificates/text-of-bytes.ts";

/**
 * What a box is to hold of what was given to it: pasted as text, or dropped or chosen as a file. The one place that
 * decides it, so that the same content comes to the same whichever way it came.
 * @returns the text, which may have a mistake to be told; undefined for what the console has to open and sort: binary
 *   files, PKCS#7, base64 without a frame, manifests, settings that hold any of these, and what is another box's
 */
export function textForBox(box: MaterialBox, given: string | Uint8Array): string | undefined {
  const text = typeof given === "string" ? given : textOfBytes(given);
  return text === undefined || isForSorting(box, text) ? undefined : text;
}

function isForSorting(box: MaterialBox, text: string): boolean {
  if (looksLikeManifest(text)) return true;
  const blocks = pemBlocks(text);
  if (blocks.length > 0) {
    if (box === "clientKey" && blocks.some(({ kind }) => kind === "certificate")) return blocks.some(isWhole);
    return pemTextProblems(box, text).some(
      ({ code, facts }) =>
        code === "pem-wrong-box" &&
        (facts.belongs !== "none" || facts.found === "pkcs7") &&
        blocks.some((block, index) => isWhole(block) && index + 1 === facts.block),
    );
  }
  if (inSettings.test(text)) return true;
  const bare = text.replace(/^\s*data:[^,]*,/, "").replace(/%(?:0[ad]|2[bf]|3d)|\\[rn]|&#\w{1,4};/gi, "");
  // Longer than a word, shorter than the lines of base64 that was broken up. Prose and short texts stay on the page.
  return bare.trim().length >= 80 && /[A-Za-z0-9+/_-]{28}/.test(bare) && onlyBase64.test(bare);
}

function isWhole({ state }: PemBlock): boolean {
  return state === "whole";
}

const onlyBase64 = /^[A-Za-z0-9+/=_:\s"'`\\,;>|-]+$/;

/** What base64 of PEM and of DER begins with, in a text of whatever form. */
const inSettings = /(?:LS0tLS1CRUdJTi|MI[A-Z][A-Za-z0-9])[A-Za-z0-9+/_-]{70,}/;
