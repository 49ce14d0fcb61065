import { Fragment } from "react";

/** A fingerprint in full, broken between its quarters where it needs several lines, and whole when it is copied. */
export function FingerprintText({ sha256 }: { readonly sha256: string }) {
  return sha256.match(/(?:[^:]+:?){1,8}/g)?.map((quarter, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: quarters have no other name, and never change their order
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {quarter}
    </Fragment>
  ));
}
