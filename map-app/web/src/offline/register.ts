type Listener = (waiting: boolean) => void;

let waiting: ServiceWorker | null = null;
const listeners = new Set<Listener>();
const lookEveryMs = 30 * 60_000;

/** Makes the page open without a line. A new version waits until the person takes it: nobody's report is cut off by one. */
export async function registerOffline(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  const look = () => {
    waiting = registration.waiting && navigator.serviceWorker.controller ? registration.waiting : null;
    for (const listener of listeners) listener(waiting !== null);
  };
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  look();
  let reloading = false;
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (!controlled || reloading) return; // the first one takes over without a reload
    reloading = true;
    window.location.reload();
  });
  setInterval(() => void registration.update().catch(() => undefined), lookEveryMs);
}

export function onUpdate(listener: Listener): () => void {
  listeners.add(listener);
  listener(waiting !== null);
  return () => listeners.delete(listener);
}

/** Drafts are kept already; the page comes back as the new version. */
export const takeUpdate = () => waiting?.postMessage('take-over');
