import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const kinds = new Set(['.css', '.html', '.js', '.mjs', '.svg', '.wasm', '.webmanifest']);
const leastBytes = 1024;
/** Above it the last percent of the size takes half a minute of the build. */
const bestUpToBytes = 4 << 20;

/** Writes the built files also as brotli and gzip: the server sends these, instead of compressing for each visitor. */
export function precompress(): Plugin {
  let out = '';
  return {
    name: 'field-precompress',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => void (out = join(config.root, config.build.outDir)),
    closeBundle: {
      order: 'post',
      sequential: true, // after the service worker's list was written
      async handler() {
        const files = readdirSync(out, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && kinds.has(extname(entry.name)))
          .map((entry) => join(entry.parentPath, entry.name));
        await Promise.all(files.map(compress));
      },
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = readFileSync(file);
  if (bytes.length < leastBytes) return;
  const quality = bytes.length <= bestUpToBytes ? constants.BROTLI_MAX_QUALITY : 9;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
  writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }));
}
