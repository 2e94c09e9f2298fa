import { CircleQuestionMark, DoorOpen, KeyRound, Lock, LockOpen, ShieldAlert, WifiOff } from 'lucide-react';
import { doorShapes, glyphBox, isDashed, isFull, type DoorMarkName } from './doorMarks';

const glyphs = { tamper: ShieldAlert, 'left-open': DoorOpen, open: DoorOpen, unlocked: LockOpen, offline: WifiOff, unknown: CircleQuestionMark, locked: Lock, 'key-box': KeyRound };

/** The same mark as on the map. */
export function DoorMark({ mark, size = 40 }: { mark: DoorMarkName; size?: number }) {
  const Glyph = glyphs[mark];
  const box = glyphBox(mark);
  return (
    <svg className="door-mark" data-mark={mark} data-full={isFull(mark)} data-dashed={isDashed(mark)} width={size} height={size} viewBox="-3 -3 40 40" aria-hidden>
      <path d={doorShapes[mark]} />
      <Glyph x={box.x} y={box.y} width={box.size} height={box.size} />
    </svg>
  );
}
