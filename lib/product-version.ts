import manifest from "../package.json";

/** The version of this console, as in package.json. */
export const productVersion: string = manifest.version;
