import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import type { RowTest } from "./run-tests.ts";

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The tests of this page: one run at a time, the results of all kept until they are taken away or the page is left. */
export interface TestRun {
  readonly tests: ReadonlyMap<string, RowTest>;
  /** Those of the run that goes on or ended last, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  readonly running: boolean;
  /** Seconds that the server's limit makes it wait; 0 while it goes on. */
  readonly pause: number;
  /** @returns false where a run goes on already */
  readonly start: (connections: readonly Named[]) => boolean;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** @param lost the words for a console that does not answer */
export function useTestRun(lost: string): TestRun {
  const { refresh } = useRouter();
  const [tests, setTests] = useState<ReadonlyMap<string, RowTest>>(new Map());
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [running, setRunning] = useState(false);
  const [pause, setPause] = useState(0);
  const live = useRef<AbortController>(undefined);
  /** What is known by now; shown some times a second, however many tests end meanwhile. */
  const known = useRef(new Map<string, RowTest>());
  const showing = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = useCallback(() => {
    showing.current ??= setTimeout(() => {
      showing.current = undefined;
      setTests(new Map(known.current));
    }, 80);
  }, []);
  const clear = useCallback(() => {
    known.current.clear();
    setNames(new Map());
    show();
  }, [show]);

  const start = useCallback(
    (connections: readonly Named[]) => {
      if (live.current !== undefined) return false;
      if (connections.length === 0) return true;
      const control = new AbortController();
      live.current = control;
      setNames(new Map(connections.map(({ id, name }) => [id, name])));
      setRunning(true);
      const run = async () => {
        const [{ runTests }, { testOne }] = await Promise.all([
          import("./run-tests.ts"),
          import("./test-one.ts"),
        ]);
        await runTests({
          ids: connections.map(({ id }) => id),
          test: (id) => testOne(id, control.signal, lost),
          tell: (id, test) => {
            known.current.set(id, test);
            show();
          },
          tellPause: setPause,
          signal: control.signal,
        });
      };
      run().finally(() => {
        live.current = undefined;
        setTests(new Map(known.current));
        setRunning(false);
        setPause(0);
        refresh();
      });
      return true;
    },
    [lost, refresh, show],
  );

  useEffect(
    () => () => {
      live.current?.abort();
      clearTimeout(showing.current);
    },
    [],
  );

  return {
    tests,
    names,
    running,
    pause,
    start,
    stop: useCallback(() => live.current?.abort(), []),
    clear,
  };
}
