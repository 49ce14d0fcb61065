import type { ReactNode } from "react";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import type { DemoClientAction } from "../form/demo-client-action.ts";
import type { FormSetting } from "../form/form-setting.tsx";

/** Where an outcome is shown, and what can be done from there: the form, or the connected view that did not connect. */
export interface OutcomePlace {
  /** The settings that were tried, as they stand. */
  readonly values: () => FormValues;
  readonly secrets: Pick<FormSetting, "saved" | "stored" | "yours">;
  readonly demoClient: DemoClientAction | undefined;
  /** Puts a change in and tries it; undefined for who may not change the connection. */
  readonly onApply: ((change: FormChange) => void) | undefined;
  /** Brings a field into sight; left out where there is none. */
  readonly onGoTo?: (field: keyof FormValues) => void;
  /** Opens what was tested; left out where a success opens by itself. */
  readonly onConnect?: () => void;
  /** What else can be pressed: stands with the cause, where one looks first. */
  readonly acts?: ReactNode;
}
