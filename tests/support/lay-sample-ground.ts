import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Lays PostgreSQL's programs and a fresh cluster once for a whole run of tests, whose processes find them by the
 * environment: initdb was a second of each file that starts a server. Gives the way to take it away.
 */
export default function laySampleGround(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-ground-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  // The servers of a root user run as somebody else, who must get through.
  chmodSync(folder, 0o711);
  // In a process that understands `server-only`, which neither runner's does at this moment.
  execFileSync(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", "--input-type=module", "--eval", script, folder],
    { cwd: path.join(import.meta.dirname, "../..") },
  );
  process.env.CLOAK_DB_SAMPLE_GROUND = folder;
  return () => {
    delete process.env.CLOAK_DB_SAMPLE_GROUND;
    remove();
  };
}

const script = `
const { layGround } = await import("#lib/samples/sample-ground.ts");
await layGround(process.argv[1]);
`;
