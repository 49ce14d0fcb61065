// `npm run architecture`: draws docs/architecture.svg from the imports.
import { writeFileSync } from "node:fs";
import { houseFiles } from "#tests/unit/house/source-files.ts";
import { housePicture, roomGraph } from "./picture.ts";

writeFileSync(new URL("../architecture.svg", import.meta.url), housePicture(roomGraph(houseFiles())));
