// Loaded into a measured console with --expose-gc: on SIGUSR2 it collects, and writes what it holds to the file that
// BENCH_HELD names.
const { renameSync, writeFileSync } = require("node:fs");

process.on("SIGUSR2", () => {
  globalThis.gc();
  // What the first collection has let go of may have held more.
  setTimeout(() => {
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    const handles = process.getActiveResourcesInfo();
    const sockets = handles.filter((name) => /Socket|TLS|TCP/i.test(name)).length;
    const file = process.env.BENCH_HELD;
    writeFileSync(`${file}.new`, JSON.stringify({ heapUsed, external, handles: handles.length, sockets }));
    renameSync(`${file}.new`, file);
  }, 200);
});
