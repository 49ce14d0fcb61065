/** How long writing on Production can be unlocked for, minutes. */
export const unlockMinutes = [15, 30, 60, 120, 240] as const;
export type UnlockMinutes = (typeof unlockMinutes)[number];
