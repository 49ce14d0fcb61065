"use client";

import { type ComponentProps, useEffect, useState } from "react";
import { ConnectionForm } from "#app/(console)/connections/form/connection-form.tsx";
import { forgetAskedTest, isTestAskedFor } from "../../../connections/attempt/test-at-once.ts";

type Given = Omit<ComponentProps<typeof ConnectionForm>, "testAtOnce" | "view">;

/** The form of a saved connection; it begins the test by itself where a press in this tab asked for that. */
export function SavedForm({
  view,
  ...given
}: Given & { readonly view: NonNullable<ComponentProps<typeof ConnectionForm>["view"]> }) {
  const [testAtOnce] = useState(() => isTestAskedFor(view.id));
  useEffect(forgetAskedTest, []);
  return <ConnectionForm {...given} view={view} testAtOnce={testAtOnce} />;
}
