// Builds the page's assets into tonecheck/service/static. The results are committed, so that installing needs no Node.js.
//   node build.mjs            build
//   node build.mjs --check    build in memory and fail where the committed files differ
//   node build.mjs --watch    build again at each change
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";

const here = import.meta.dirname;
const target = join(here, "..", "tonecheck", "service", "static");
const options = {
  absWorkingDir: here,
  // theme.js runs before the first paint, so that a remembered dark page never flashes white.
  entryPoints: ["src/app.ts", "src/theme.ts", "src/app.css"],
  outdir: target,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  legalComments: "none",
  charset: "utf8",
  loader: { ".svg": "copy" },
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  const built = await esbuild.build({ ...options, write: false });
  const files = built.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
  files.push(["favicon.svg", await readFile(join(here, "src", "favicon.svg"))]);
  files.push(["licenses.txt", Buffer.from(await licenses())]);
  let stale = 0;
  for (const [name, bytes] of files) {
    if (process.argv.includes("--check")) {
      const committed = await readFile(join(target, name)).catch(() => Buffer.alloc(0));
      if (!committed.equals(bytes)) {
        stale += 1;
        console.error(`${name} is not what its sources build: run "npm run build" in web/ and commit the result`);
      }
    } else {
      await writeFile(join(target, name), bytes);
    }
    console.log(`${name.padEnd(14)} ${String(bytes.length).padStart(8)} bytes`);
  }
  process.exitCode = stale ? 1 : 0;
}

// The licences of everything in the bundle, which its minified form no longer carries.
async function licenses() {
  const { metafile } = await esbuild.build({ ...options, write: false, metafile: true });
  const names = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) names.add(found[1]);
  }
  const parts = [];
  for (const name of [...names].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    let text = "";
    for (const file of ["LICENSE", "LICENSE.md", "LICENSE-MIT", "license"]) {
      text ||= await readFile(join(folder, file), "utf8").catch(() => "");
    }
    parts.push(`${name} ${version} (${license})\n\n${text.trim()}`.trim());
  }
  return `${parts.join("\n\n----\n\n")}\n`;
}
