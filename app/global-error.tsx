"use client";

/**
 * The last resort, when even the frame of the page failed: without words of the catalogue and without styles, both
 * of which may be what failed. Next's own page would need inline styles that the content policy refuses.
 */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Something went wrong</h1>
          <p role="alert" data-problem="unexpected">
            The error was logged with the reference {error.digest ?? "–"}. Reload the page. If it happens
            again, ask the operator of this console.
          </p>
        </main>
      </body>
    </html>
  );
}
