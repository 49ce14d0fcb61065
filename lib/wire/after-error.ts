import "server-only";
import type { ExtendedProtocol } from "./pg-internals.ts";

/** Whether a session goes on after an error of the server, and in what state, shows in what comes next. */
export function afterError(
  wire: Pick<ExtendedProtocol, "once" | "off">,
  then: (alive: boolean) => void,
): void {
  const settle = (alive: boolean) => {
    wire.off("readyForQuery", onReady);
    wire.off("end", onEnd);
    then(alive);
  };
  const onReady = () => settle(true);
  const onEnd = () => settle(false);
  wire.once("readyForQuery", onReady);
  wire.once("end", onEnd);
}
