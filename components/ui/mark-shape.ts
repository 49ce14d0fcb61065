/**
 * The mark: a hooded cloak, lit from the left, with the keyhole where one looks for a face. On a field of 32 by 32;
 * app/icon.svg holds the same three paths on a ground of its own.
 */
export const markShape = {
  cloak:
    "M16 1.5C14.4 3.4 8.2 4.3 8.2 11.2c0 2.6-.6 4.3-1.8 6.6-1.9 3.5-3 6.7-3.4 10.2-.1 1.1.7 2 1.8 2h22.4c1.1 0 1.9-.9 1.8-2-.4-3.5-1.5-6.7-3.4-10.2-1.2-2.3-1.8-4-1.8-6.6 0-6.9-6.2-7.8-7.8-9.7z",
  shade:
    "M16 1.5V30h11.2c1.1 0 1.9-.9 1.8-2-.4-3.5-1.5-6.7-3.4-10.2-1.2-2.3-1.8-4-1.8-6.6 0-6.9-6.2-7.8-7.8-9.7z",
  keyhole:
    "M16 9a3.6 3.6 0 0 0-2 6.6l-1.5 8.2c-.1.6.3 1.1.9 1.1h5.2c.6 0 1-.5.9-1.1L18 15.6A3.6 3.6 0 0 0 16 9z",
} as const;
