import { CircleAlert, Drone, Gauge, Lock, Radio, Tablet } from 'lucide-react';
import { markOf } from '../map/marks';
import { bandOf } from '../map/palette';

/** The same mark as on the map: hollow, half or full by score, with the class's sign. */
export function FindingBadge({ score, className, size = 28 }: { score: number; className: string; size?: number }) {
  const mark = markOf(className);
  return (
    <svg className="badge" data-band={bandOf(score)} width={size} height={size} viewBox="0 0 28 28" aria-hidden>
      <circle className="badge-rim" cx="14" cy="14" r="12.5" />
      <circle className="badge-disc" cx="14" cy="14" r="10.5" />
      {mark === null ? (
        <path className="badge-mark" d="M15 5.5 12.5 8 15.5 11 12 14 15.5 17 13 19.8 14.5 22.5" />
      ) : (
        <text className="badge-letter" x="14" y="14">
          {mark}
        </text>
      )}
    </svg>
  );
}

const deviceIcons = { drone: Drone, lock: Lock, tablet: Tablet, sensor: Gauge, other: Radio };

export function DeviceIcon({ kind, online }: { kind: keyof typeof deviceIcons; online: boolean }) {
  const Icon = deviceIcons[kind];
  return (
    <span className="device-badge" data-online={online}>
      <Icon aria-hidden size={18} />
    </span>
  );
}

export function Warning() {
  return <CircleAlert aria-hidden size={18} />;
}
