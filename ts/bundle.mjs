// What a browser loads: every entry of src/page as one file with what it shares with others in files of their own, the
// style sheets and word lists beside them, each with the hash of its content in its name. `manifest.json` gives for each name
// its file, then the files that a script imports. `--sizes` prints what each weighs.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, '../src/ruban/web/assets');
const into = join(here, '../src/ruban/web/static');
const entries = join(here, 'src/page/entries');

const scripts = readdirSync(entries).filter((name) => name.endsWith('.ts'));
const sheets = readdirSync(assets).filter((name) => name.endsWith('.css'));
// The second pass saves 3 % of what esbuild leaves.
// "Unsafe" is for code that changes built-in objects, calls an arrow with `new` or compares what is no number: ours does not.
const unsafe = { pure_getters: true, unsafe: true, unsafe_arrows: true, unsafe_comps: true, unsafe_methods: true };
const SMALLEST = { module: true, ecma: 2020, compress: { passes: 3, lhs_constants: false, ...unsafe } };
const made = await build({
  entryPoints: [...scripts.map((name) => join(entries, name)), ...sheets.map((name) => join(assets, name))],
  bundle: true,
  // One copy of the curve and the record for both workers.
  splitting: true,
  entryNames: '[name]',
  chunkNames: 'shared-[hash]',
  metafile: true,
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
const files = [];
const imports = {};
for (const [path, { imports: needed }] of Object.entries(made.metafile.outputs)) {
  imports[basename(path)] = needed.map((one) => basename(one.path));
}
for (const file of made.outputFiles) {
  const name = basename(file.path);
  if (!name.endsWith('.js')) files.push([name, Buffer.from(file.contents)]);
  else files.push([name, Buffer.from((await minify(file.text, SMALLEST)).code)]);
}
for (const name of readdirSync(assets).filter((one) => !one.endsWith('.css'))) {
  files.push([name, readFileSync(join(assets, name))]);
}
for (const language of ['english', 'french']) {
  const { wordlist } = await import(`@scure/bip39/wordlists/${language}.js`);
  files.push([`words-${language}.txt`, Buffer.from(`${wordlist.join('\n')}\n`)]);
}

rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });
const contents = new Map(files);
const named = new Map();

/** Its name with the hash of its content, which names what it imports by theirs; so those come first. */
function place(name) {
  if (named.has(name)) return named.get(name);
  let bytes = contents.get(name);
  for (const other of imports[name] ?? []) bytes = Buffer.from(String(bytes).replaceAll(other, place(other)));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const ending = extname(name);
  const stem = name.startsWith('shared-') ? 'shared' : name.slice(0, -ending.length);
  named.set(name, `${stem}-${hash}${ending}`);
  writeFileSync(join(into, named.get(name)), bytes);
  return named.get(name);
}

const manifest = {};
for (const name of [...contents.keys()].sort()) {
  const file = place(name);
  if (!name.startsWith('shared-')) manifest[name] = [file, ...(imports[name] ?? []).map(place)];
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
