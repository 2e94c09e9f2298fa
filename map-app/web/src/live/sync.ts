import { getFeatures } from '../api/client';
import { lookAtSession } from '../access/look';
import { kinds, type Kind, type SiteConfig } from '../api/types';
import type { FieldStore } from '../state/store';
import { connectLive } from './connection';
import { readLive } from './messages';
import { socketUrl } from './socket';

const retryMs = 5_000;

/**
 * Follows a site: a snapshot at once, so that the map does not wait for the line; once subscribed what changed since, then live; after a lost line again, from the last snapshot's
 * revision.
 */
export function follow(config: SiteConfig, store: FieldStore): { retry: () => void; redial: () => void; stop: () => void } {
  const stop = new AbortController();
  let wasLive = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  let round = new AbortController();
  const snapshots = async () => {
    if (stop.signal.aborted) return;
    clearTimeout(retryTimer);
    round.abort(); // what hangs on a line that was lost does not hold up what is asked for now
    const { signal } = (round = new AbortController());
    const all = await Promise.all(kinds.map((kind) => snapshot(kind, store, signal)));
    if (all.includes(false) && !signal.aborted) retryTimer = setTimeout(() => void snapshots(), retryMs);
  };
  const first = snapshots();

  const live = connectLive(socketUrl(config.mqttPath), config.site, {
    onSubscribed: () => {
      wasLive = true;
      store.setLink('live');
      void first.then(snapshots);
    },
    onClosed: () => {
      lookAtSession(); // nobody signed in is cut off as a lost line is
      store.setLink(navigator.onLine ? (wasLive ? 'reconnecting' : 'connecting') : 'offline');
    },
    onMessage: (topic, payload) => {
      const message = readLive(topic, payload, Date.now() / 1000);
      if (message) store.applyLive(message);
    },
    onHeard: () => store.heard(Date.now()),
  });
  window.addEventListener('online', () => live.redial(), { signal: stop.signal });
  window.addEventListener('offline', () => store.setLink('offline'), { signal: stop.signal });

  return {
    retry: () => void snapshots(),
    redial: () => live.redial(),
    stop: () => {
      stop.abort();
      round.abort();
      clearTimeout(retryTimer);
      live.close();
    },
  };
}

/** False when it failed and should be tried again. */
async function snapshot(kind: Kind, store: FieldStore, signal: AbortSignal): Promise<boolean> {
  try {
    const since = store.snapshotRevision(kind);
    let answer = await getFeatures(kind, since, signal);
    if (since !== null && answer.revision < since) {
      store.clear(kind); // the server's store began anew
      answer = await getFeatures(kind, null, signal);
    }
    store.applySnapshot(kind, answer);
    store.heard(Date.now());
    return true;
  } catch {
    if (!signal.aborted) store.snapshotFailed(kind);
    return false;
  }
}
