import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/**
 * Writes each script and style of a build beside itself as it is sent, `.br` and `.gz`: as small as it gets, once, where
 * the server would compress it anew for each browser, and less well.
 * @param {string} folder what `app/_server/built-files.ts` sends from
 */
export async function compressFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(js|css)$/.test(entry.name));
  await Promise.all(files.map(({ parentPath, name }) => compress(path.join(parentPath, name))));
}

async function compress(file) {
  const content = await readFile(file);
  const params = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(content, { params }),
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  await Promise.all([put(`${file}.br`, brotli), put(`${file}.gz`, gzipped)]);
}

/** Whole or not at all: a build may be stopped here, and half a script would be sent as one. */
async function put(file, content) {
  await writeFile(`${file}.part`, content);
  await rename(`${file}.part`, file);
}
