/**
 * No log comes to so many lines: 300 TB of them. A number above is none that a console gave. Whoever can write where a log is
 * kept could otherwise make consoles count from the last number there is, and what they remember of the log unreadable.
 */
export const highestLine = 2 ** 40;
