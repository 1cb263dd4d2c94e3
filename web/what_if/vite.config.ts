// Builds one HTML file that contains script, styles, worker and solver.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const ROOT = import.meta.dirname;
const BUILT = join(ROOT, "../../src/taskonomy_kedro/core/what_if/page.html");

/** The hash of the page's sources; `sources_hash` in tests/core/what_if computes the same in Python. */
const SOURCES = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

function sourcesHash(): string {
  const ofPage = readdirSync(join(ROOT, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const hash = createHash("sha256");
  for (const name of [...SOURCES, ...ofPage].sort())
    hash.update(`${name}\n`).update(readFileSync(join(ROOT, name))).update("\n");
  return hash.digest("hex");
}

/** The solver as text, compressed: 1.2 MB instead of 3.5 MB of WebAssembly. */
function solverText(): string {
  const wasm = readFileSync(createRequire(import.meta.url).resolve("highs/runtime"));
  return gzipSync(wasm, { level: 9 }).toString("base64");
}

/** The licences of third-party code in the page. */
function licences(): string {
  const texts = ["highs", "preact"].map((name) => {
    const text = readFileSync(join(ROOT, "node_modules", name, "LICENSE"), "utf8").trim();
    return `${name}\n\n${text.replaceAll("--", "- -")}`;
  });
  return `<!-- This page holds work of others.\n\n${texts.join("\n\n")}\n-->`;
}

function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("no index.html was built");
      let html = String(page.source);
      // Replacements are functions, because text with "$" would be read as a pattern.
      for (const [name, part] of Object.entries(bundle)) {
        if (part === page) continue;
        delete bundle[name];
        // The loader's own URL of the solver is not used: the page passes its own copy.
        if (name.endsWith(".wasm")) continue;
        const tag = part.type === "chunk" ? scriptTag(name) : styleTag(name);
        if (!tag.test(html)) throw new Error(`the page does not use ${name}`);
        html = html.replace(tag, "");
        html =
          part.type === "chunk"
            ? html.replace("</body>", () => `<script type="module">${unclosed(part.code)}</script>\n</body>`)
            : html.replace("</head>", () => `<style>${part.source}</style>\n</head>`);
      }
      const stamp = `<meta name="sources" content="${sourcesHash()}" />`;
      const whole = html
        .replace("</head>", () => `${stamp}\n</head>\n${licences()}`)
        .replace("__SOLVER__", () => solverText());
      writeFileSync(BUILT, whole);
    },
  };
}

const scriptTag = (name: string) => new RegExp(`\\s*<script[^>]*src="[^"]*${name}"[^>]*></script>`);
const styleTag = (name: string) => new RegExp(`\\s*<link[^>]*href="[^"]*${name}"[^>]*>`);

/** A script element ends at the first closing tag, even inside a string of the program. */
const unclosed = (code: string) => code.replaceAll("</script", "<\\/script");

export default defineConfig({
  root: ROOT,
  build: { write: false, target: "es2022", modulePreload: false, assetsInlineLimit: 0, cssMinify: true },
  plugins: [oneFile()],
});
