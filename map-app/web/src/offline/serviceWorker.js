// The tablet's own service worker: the built files of one version, and what areas were taken along. The build writes the list and the version.
const precache = PRECACHE;
const shell = 'field-shell-VERSION';
const patienceMs = 5_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(shell);
      await Promise.all(
        precache.map(async (path) => {
          // a file with a hash in its name is the same in every version
          const known = path.startsWith('/assets/') ? await caches.match(path) : undefined;
          const response = known ?? (await fetch(path, { cache: 'no-cache' }));
          if (!response.ok) throw new Error(`${path}: ${response.status}`);
          await cache.put(path, response);
        }),
      );
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('field-shell-') && name !== shell) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === '/' || url.pathname === '/index.html') event.respondWith(fromShell('/index.html', request));
  } else if (precache.includes(url.pathname)) event.respondWith(fromShell(url.pathname, request));
  else if (url.pathname.startsWith('/api/v1/') && !request.headers.has('x-field-keep')) {
    if (takenAlong(url)) event.respondWith(networkFirst(request));
  }
});

// What an area holds: tiles of layers, the list of layers, the ledger, the base map.
const takenAlong = ({ pathname, search }) =>
  /^\/api\/v1\/layers\/[^/]+\/tiles\//.test(pathname) || (search === '' && ['/api/v1/base/city.geojson', '/api/v1/layers', '/api/v1/features/assets', '/api/v1/features/events', '/api/v1/config'].includes(pathname));

async function fromShell(path, request) {
  return (await (await caches.open(shell)).match(path)) ?? fetch(request);
}

// The server's word counts while there is one: a layer may have been taken away. A line that answers nothing is as good as none.
async function networkFirst(request) {
  const known = () => caches.match(request.url, { ignoreVary: true });
  const answer = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, patienceMs)).then(known);
  try {
    return (await Promise.race([answer, late])) ?? (await answer);
  } catch (error) {
    const kept = await known();
    if (kept) return kept;
    throw error;
  }
}
