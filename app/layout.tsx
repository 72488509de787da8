import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "@fontsource-variable/source-serif-4/wght-italic.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

export const metadata: Metadata = {
  title: { default: "Concordat", template: "%s · Concordat" },
  description:
    "Organizations draft a charter of norms together, sign it through their officers, and keep a public record that anyone can check.",
};

/** Every page asks the database, which is not there while the pages are built. What is public is kept by the cache in front. */
export const dynamic = "force-dynamic";

export const viewport: Viewport = { colorScheme: "light dark", width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" dir="ltr">
      <body>{children}</body>
    </html>
  );
}
