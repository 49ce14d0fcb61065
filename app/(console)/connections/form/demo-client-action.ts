import type { Answer } from "#app/_server/answer.ts";
import type { FormChange } from "#lib/settings/form-values.ts";

export type DemoClientAction = () => Promise<Answer<FormChange>>;
