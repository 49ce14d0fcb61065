/**
 * Lets the clock of this process go wrong: by the first of these for a while, then by the next, and so on in a circle. ms
 */
export function shiftClock(by: readonly number[]): void {
  const right = Date.now;
  const begun = performance.now();
  Date.now = () => {
    const turn = Math.floor((performance.now() - begun) / eachMs) % by.length;
    return right() + (by[turn] ?? 0);
  };
  globalThis.Date = new Proxy(Date, {
    construct: (real, given: readonly unknown[], target) =>
      Reflect.construct(real, given.length === 0 ? [Date.now()] : given, target),
  });
}

const eachMs = 100;
