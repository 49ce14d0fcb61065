import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { NextIntlClientProvider } from "next-intl";
import { vi } from "vitest";
import type { AttemptMessage, TestAnswer } from "#app/(console)/connections/attempt/attempt-message.ts";
import { loadOutcome, loadSteps } from "#app/(console)/connections/attempt/load-outcome.ts";
import type { ConfirmAction } from "#app/(console)/connections/form/confirm-person.tsx";
import { ConnectionForm } from "#app/(console)/connections/form/connection-form.tsx";
import type { ImportAction } from "#app/(console)/connections/form/import-answer.ts";
import type { SaveAnswer, SavedAs } from "#app/(console)/connections/form/save-answer.ts";
import { loadKeeper } from "#app/(console)/connections/form/use-kept-entries.ts";
import type { GivenLabels } from "#app/(console)/connections/form/use-labels.ts";
import { ToastProvider } from "#app/(console)/toasts.tsx";
import type { ProfileView } from "#lib/profiles/view.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { english } from "#messages/load-messages.ts";

// They come when they are wanted; on a busy machine that is longer than a test waits.
await Promise.all([
  loadOutcome(),
  loadSteps(),
  loadKeeper(),
  import("#app/(console)/connections/attempt/follow-attempt.ts"),
  import("#app/(console)/connections/form/move-to-its-box.tsx"),
  import("#app/(console)/connections/form/sort-given.ts"),
  import("#app/(console)/connections/form/mistakes.tsx"),
  import("#app/(console)/connections/form/restored-note.tsx"),
  import("#app/(console)/connections/form/self-signed-note.tsx"),
]);

export type Test = (values: FormValues, attemptId: string, connectionId?: string) => Promise<TestAnswer>;
export type Save = (values: FormValues, target?: SavedAs) => Promise<SaveAnswer>;

/** The form on a page of its own, with the actions that the test gives. */
export function renderForm(
  given: {
    view?: ProfileView;
    test?: Test;
    save?: Save;
    connect?: Test;
    confirm?: ConfirmAction;
    testAtOnce?: boolean;
    importAll?: ImportAction;
    givenRoots?: GivenRoots;
    keptFor?: string;
    labels?: GivenLabels;
  } = {},
) {
  const test = vi.fn<Test>(given.test ?? (async () => streamOf([])));
  const save = vi.fn<Save>(given.save ?? (async () => ({ type: "saved", view: savedView() })));
  const connect = vi.fn<Test>(given.connect ?? (async () => streamOf([])));
  render(
    <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
      <ToastProvider labels={{ region: "Notifications", dismiss: "Dismiss" }}>
        <ConnectionForm
          {...(given.view && { view: given.view })}
          {...(given.confirm && { confirm: given.confirm })}
          {...(given.importAll && { importAll: given.importAll })}
          {...(given.keptFor && { keptFor: given.keptFor })}
          {...(given.labels && { labels: given.labels })}
          {...(given.givenRoots && { givenRoots: given.givenRoots })}
          test={test}
          save={save}
          connect={connect}
          testAtOnce={given.testAtOnce ?? false}
        />
      </ToastProvider>
    </NextIntlClientProvider>,
  );
  return { user: userEvent.setup(), test, save, connect };
}

/** A test's answer that sends these messages. */
export function streamOf(messages: readonly AttemptMessage[]): TestAnswer {
  return {
    type: "stream",
    messages: new ReadableStream({
      start(stream) {
        for (const message of messages) stream.enqueue(message);
        stream.close();
      },
    }),
  };
}

/** A saved connection as the server shows it. */
export function savedView(values: Partial<FormValues> = {}, more: Partial<ProfileView> = {}): ProfileView {
  return {
    id: "c1",
    rev: 3,
    values: {
      ...newFormValues,
      name: "Shop",
      host: "db.example.test",
      user: "app",
      database: "shop",
      ...values,
    },
    stored: { password: false, clientKey: false, keyPassphrase: false, tokenSecret: false },
    yours: { password: false, clientKey: false, keyPassphrase: false, tokenSecret: false },
    caCertificates: [],
    clientCertificates: [],
    createdAt: "2026-11-01T10:00:00.000Z",
    updatedAt: "2026-11-20T10:00:00.000Z",
    ...more,
  };
}
