// @vitest-environment node
import { NextIntlClientProvider, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { renderToReadableStream } from "react-dom/server";
import { expect, test } from "vitest";
import { withOwnWords } from "#components/with-own-words.tsx";

const own = {
  namespace: "own",
  load: {
    en: () => Promise.resolve({ default: { hello: "Hello" } }),
    fr: () => Promise.resolve({ default: { hello: "Bonjour" } }),
  },
};

const Late = lazy(() => withOwnWords(own, Promise.resolve(Greeting)));

function Greeting() {
  const t = useTranslations() as (key: string) => string;
  return <p>{t("own.hello")}</p>;
}

test("a server, which has no document, draws it in the language of each page", async () => {
  expect(typeof document).toBe("undefined");
  expect(await drawn("fr")).toContain("Bonjour");
  expect(await drawn("en")).toContain("Hello");
  // As everywhere, a language without words of its own reads English.
  expect(await drawn("de")).toContain("Hello");
});

async function drawn(locale: string): Promise<string> {
  const failed: unknown[] = [];
  const page = (
    <NextIntlClientProvider locale={locale} messages={{}} timeZone="UTC">
      <Suspense fallback={null}>
        <Late />
      </Suspense>
    </NextIntlClientProvider>
  );
  const stream = await renderToReadableStream(page, { onError: (error) => void failed.push(error) });
  const html = await new Response(stream).text();
  expect(failed).toEqual([]);
  return html;
}
