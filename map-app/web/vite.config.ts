import { statSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockServer } from './dev/mockServer.ts';
import { precache } from './dev/precache.ts';
import { precompress } from './dev/precompress.ts';

// The mock answers only `vite dev` and `vite preview`; nothing of dev/ reaches dist.
export default defineConfig({
  define: { __WASM_BYTES__: statSync(new URL('node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', import.meta.url)).size },
  plugins: [react(), mockServer(), precache(), precompress()],
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['index.html', 'public.html'], output: { codeSplitting: { groups: [{ name: 'maplibre', test: /node_modules\/(@maplibre|maplibre-gl)/ }, { name: 'vendor', test: /node_modules\/(?!exifreader|@xmldom|mqtt\/)/ }] } } },
  },
  // What a strict server would say: nothing inline, nothing from elsewhere.
  preview: { headers: { 'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
