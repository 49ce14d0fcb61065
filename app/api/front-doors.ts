import "server-only";
import { builtFilesDoor } from "#app/_server/built-files.ts";
import { openFrontDoor } from "#app/_server/front-door.ts";
import { pieceDoor } from "#app/_server/take-piece.ts";
import { processWide } from "#lib/process-wide.ts";
import { testDoor } from "./attempts/[id]/test/test-door.ts";
import { runDoor } from "./connections/[id]/run/run-door.ts";

/** Opens every door there is in front of the framework; `bin/start.js` tells where the files of the build are. */
export function openFrontDoors(): void {
  openFrontDoor("import-piece", pieceDoor);
  openFrontDoor("run", runDoor);
  openFrontDoor("form-test", testDoor);
  const { files } = processWide<{ files?: string }>("built-files", () => ({}));
  if (files !== undefined) openFrontDoor("built-files", builtFilesDoor(files));
}
