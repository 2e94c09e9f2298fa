import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** Writes `sw.js` beside the built files, with the list of them and a version that changes when any of them does. */
export function precache(): Plugin {
  let out = '';
  return {
    name: 'field-precache',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => void (out = join(config.root, config.build.outDir)),
    closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !file.endsWith('.map') && !file.endsWith('.wasm') && relative(out, file) !== 'sw.js')
        .sort();
      const source = readFileSync(new URL('../src/offline/serviceWorker.js', import.meta.url), 'utf8');
      const hash = createHash('sha256').update(source);
      for (const file of files) hash.update(relative(out, file)).update(readFileSync(file));
      const paths = files.map((file) => `/${relative(out, file).split(sep).join('/')}`);
      writeFileSync(join(out, 'sw.js'), source.replace('PRECACHE', JSON.stringify(paths)).replace('VERSION', hash.digest('hex').slice(0, 16)));
    },
  };
}
