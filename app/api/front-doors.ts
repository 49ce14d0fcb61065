import "server-only";
import { openFrontDoor } from "#app/_server/front-door.ts";
import { pieceDoor } from "#app/_server/take-piece.ts";
import { testDoor } from "./attempts/[id]/test/test-door.ts";
import { runDoor } from "./connections/[id]/run/run-door.ts";

/** Opens every door there is in front of the framework. */
export function openFrontDoors(): void {
  openFrontDoor("import-piece", pieceDoor);
  openFrontDoor("run", runDoor);
  openFrontDoor("form-test", testDoor);
}
