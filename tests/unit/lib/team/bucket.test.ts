import { expect, test } from "vitest";
import { Bucket } from "#lib/team/bucket.ts";

/** Four in hand, one more every two seconds. */
function bench() {
  const clock = { at: 5000 };
  return { clock, bucket: new Bucket(() => clock.at, 4, 0.5) };
}

test("gives what is in hand, then says for how long there is none", () => {
  const { clock, bucket } = bench();
  for (let n = 0; n < 4; n += 1) {
    expect(bucket.pause()).toBe(0);
    bucket.take();
  }
  expect(bucket.pause()).toBe(2000);
  clock.at += 500;
  expect(bucket.pause()).toBe(1500);
  clock.at += 1500;
  expect(bucket.pause()).toBe(0);
  bucket.take();
  expect(bucket.pause()).toBe(2000);
});

test("owes what was taken beyond", () => {
  const { bucket } = bench();
  for (let n = 0; n < 6; n += 1) bucket.take();
  expect(bucket.pause()).toBe(6000);
});

test("never holds more than it can, however long it rests", () => {
  const { clock, bucket } = bench();
  clock.at += 3_600_000;
  for (let n = 0; n < 4; n += 1) bucket.take();
  expect(bucket.pause()).toBe(2000);
});

test("takes one back", () => {
  const { bucket } = bench();
  for (let n = 0; n < 5; n += 1) bucket.take();
  bucket.putBack();
  expect(bucket.pause()).toBe(2000);
  bucket.putBack();
  expect(bucket.pause()).toBe(0);
});
