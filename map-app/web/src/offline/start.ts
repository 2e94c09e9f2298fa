import type { Session } from '../access/session';
import type { SiteConfig } from '../api/types';
import { keep, kept, unkeep } from '../edge/database';

const name = 'last';

/** Who was here last, and of which site: with it the tablet opens without a line, for what that person left on it. */
export interface Last {
  session: Session;
  config: SiteConfig;
}

export const rememberLast = (last: Last) => keep(name, last).catch(() => undefined); // without room the tablet only opens with a line
export const recallLast = () => kept<Last>(name).catch(() => null);

/** The person signed out: what was taken along goes, what waits to be sent stays theirs. */
export async function forgetLast(): Promise<void> {
  await unkeep(name).catch(() => undefined);
  await unkeep('areas').catch(() => undefined);
  await unkeep('forms').catch(() => undefined);
  for (const cache of await caches.keys()) if (cache.startsWith('field-area-') || cache === 'field-hint') await caches.delete(cache);
}
