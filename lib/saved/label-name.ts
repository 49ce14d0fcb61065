import { z } from "zod";
import { isSeen, visibly } from "#lib/visible-text.ts";
import { longestLabel } from "./label-limits.ts";

/**
 * The name of a group or a tag as it is kept: composed (NFC), one blank between two words, and nothing in it that could
 * hide or turn the text around it.
 */
export const labelName: z.ZodType<string, string> = z
  .string()
  .max(200)
  .transform((text) => text.normalize("NFC").trim().replace(/ +/g, " "))
  .pipe(
    z
      .string()
      .min(1)
      .max(longestLabel)
      .refine((text) => visibly(text) === text && isSeen(text)),
  );
