/**
 * Waits until work is done, and 120 ms at most: a page that has its matter by then comes whole, and no skeleton is
 * shown for a moment only (which React would hold on to for 300 ms).
 * @returns when it may go on; never fails: whoever takes the work's result hears of that
 */
export async function atOnce(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([
    work.then(
      () => undefined,
      () => undefined,
    ),
    late,
  ]);
  clearTimeout(timer);
}

/** Less than a person notices as waiting. */
const patienceMs = 120;
