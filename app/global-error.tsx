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
            It was noted with the reference {error.digest ?? "–"}. Reload the page; if it stays, ask whoever
            runs this console.
          </p>
        </main>
      </body>
    </html>
  );
}
