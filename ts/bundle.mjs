// What a browser loads: every entry of src/page as one file, the style sheets and word lists beside it, each with the hash
// of its content in its name. `manifest.json` says which name stands for which file. `--sizes` prints what each weighs.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, '../src/ruban/web/assets');
const into = join(here, '../src/ruban/web/static');
const entries = join(here, 'src/page/entries');

const scripts = readdirSync(entries).filter((name) => name.endsWith('.ts'));
const sheets = readdirSync(assets).filter((name) => name.endsWith('.css'));
const made = await build({
  entryPoints: [...scripts.map((name) => join(entries, name)), ...sheets.map((name) => join(assets, name))],
  bundle: true,
  format: 'esm',
  target: ['es2022'],
  minify: true,
  legalComments: 'none',
  // Errors are told apart by their names, which minifying would change.
  keepNames: false,
  write: false,
  outdir: into,
  logLevel: 'warning',
});
const files = made.outputFiles.map((file) => [file.path.split(/[\\/]/).pop(), Buffer.from(file.contents)]);
for (const name of readdirSync(assets).filter((one) => !one.endsWith('.css'))) {
  files.push([name, readFileSync(join(assets, name))]);
}
for (const language of ['english', 'french']) {
  const { wordlist } = await import(`@scure/bip39/wordlists/${language}.js`);
  files.push([`words-${language}.txt`, Buffer.from(`${wordlist.join('\n')}\n`)]);
}

rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });
const manifest = {};
for (const [name, bytes] of files.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const ending = extname(name);
  manifest[name] = `${name.slice(0, -ending.length)}-${hash}${ending}`;
  writeFileSync(join(into, manifest[name]), bytes);
}
writeFileSync(join(into, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);

if (process.argv.includes('--sizes')) {
  let total = 0;
  for (const [name, bytes] of files) {
    const size = gzipSync(bytes, { level: 9 }).length;
    if (name.endsWith('.js')) total += size;
    process.stdout.write(`${String(size).padStart(8)}  ${name}\n`);
  }
  process.stdout.write(`${String(total).padStart(8)}  JavaScript in all, gzip\n`);
}
