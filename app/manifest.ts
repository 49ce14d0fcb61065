import type { MetadataRoute } from "next";

/** What a browser shows where the console is installed or kept on a home screen. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Cloak DB",
    short_name: "Cloak DB",
    start_url: "/connections",
    display: "minimal-ui",
    background_color: "#f3f7f8",
    theme_color: "#075460",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
