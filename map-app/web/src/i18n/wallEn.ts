import type { Dictionary } from './ja';

export const wallEn: Dictionary['wall'] = {
  heard: (clock) => `Live, heard at ${clock}`,
  unrated: 'Not rated',
  stale: (clock, ago) => `Connection lost — this is as of ${clock} (${ago})`,
  never: 'No connection — nothing was received',
  redialling: 'Reconnecting by itself',
  partly: 'Some of it could not be loaded. Retrying by itself.',
  roll: (n, page, pages) => `${n} more in turn (${page} / ${pages})`,
  more: (n) => `${n} more`,
  urgentRoll: (n, page, pages) => `${n} critical in turn (${page} / ${pages})`,
  mayGoDark: 'Turn off power saving on this machine, or the screen may go dark',
  leave: 'Leave the big screen (Esc)',
};
