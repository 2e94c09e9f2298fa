import type { Dictionary } from './ja';

export const replayEn: Dictionary['replay'] = {
  label: 'Time, the last 72 hours',
  key: 'See an earlier state',
  live: 'Now',
  at: (when) => `As of ${when}`,
  showing: (clock) => `Showing the state at ${clock}`,
  play: 'Play',
  pause: 'Pause',
  speed: (n) => `Speed: ${n} times`,
  toLive: 'Back to now',
  failed: 'The state at that time could not be loaded',
  unknown: (n) => `${n} devices without a record are not on the map`,
};
