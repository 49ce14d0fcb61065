import "server-only";
import { once } from "node:events";
import { crc32, createDeflateRaw } from "node:zlib";

/**
 * A ZIP archive written as it comes (APPNOTE 6.3.9): sizes stand behind each entry, so that nothing is kept. Without its
 * 64-bit form: an entry, and the whole, is below 4 GiB.
 */
export class ZipWriter {
  #offset = 0;
  readonly #entries: Entry[] = [];

  /** One file of the archive. @throws RangeError where it becomes too large */
  async *entry(
    name: string,
    contents: AsyncIterable<string> | Iterable<string>,
  ): AsyncGenerator<Buffer, void, void> {
    const entry = { name: Buffer.from(name), offset: this.#offset, crc: 0, packed: 0, size: 0 };
    yield this.#counted(localHeader(entry.name));
    const deflate = createDeflateRaw({ level: 3 });
    const out: Buffer[] = [];
    deflate.on("data", (piece: Buffer) => out.push(piece));
    const ended = once(deflate, "end");
    const taken = (): Buffer => {
      const piece = Buffer.concat(out.splice(0));
      entry.packed += piece.length;
      return this.#counted(piece);
    };
    for await (const text of contents) {
      const piece = Buffer.from(text);
      entry.crc = crc32(piece, entry.crc);
      entry.size += piece.length;
      if (entry.size > most) throw new RangeError("an entry of more than 4 GiB");
      if (!deflate.write(piece)) await once(deflate, "drain");
      if (out.length > 0) yield taken();
    }
    deflate.end();
    await ended;
    yield taken();
    this.#entries.push(entry);
    yield this.#counted(dataDescriptor(entry));
  }

  /** The directory, with which the archive ends. */
  end(): Buffer {
    const directory = Buffer.concat(this.#entries.map(directoryEntry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.#offset, 16);
    return Buffer.concat([directory, end]);
  }

  #counted(piece: Buffer): Buffer {
    this.#offset += piece.length;
    if (this.#offset > most) throw new RangeError("an archive of more than 4 GiB");
    return piece;
  }
}

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  crc: number;
  packed: number;
  size: number;
}

const most = 0xffff_fffe;
/** Sizes stand behind the data, names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** 1980-01-01: the same rows make the same file. */
const date = 0x0021;

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(deflated, 8);
  header.writeUInt16LE(date, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function dataDescriptor({ crc, packed, size }: Entry): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x0807_4b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  descriptor.writeUInt32LE(packed, 8);
  descriptor.writeUInt32LE(size, 12);
  return descriptor;
}

function directoryEntry({ name, offset, crc, packed, size }: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(deflated, 10);
  header.writeUInt16LE(date, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(packed, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}
