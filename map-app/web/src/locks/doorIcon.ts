import * as batteryLow from 'lucide-react/dist/esm/icons/battery-low.mjs';
import * as doorOpen from 'lucide-react/dist/esm/icons/door-open.mjs';
import * as keyRound from 'lucide-react/dist/esm/icons/key-round.mjs';
import * as lock from 'lucide-react/dist/esm/icons/lock.mjs';
import * as lockOpen from 'lucide-react/dist/esm/icons/lock-open.mjs';
import * as question from 'lucide-react/dist/esm/icons/circle-question-mark.mjs';
import * as shieldAlert from 'lucide-react/dist/esm/icons/shield-exclamation-point.mjs';
import * as wifiOff from 'lucide-react/dist/esm/icons/wifi-off.mjs';
import { lucide, nodeOf, type IconNode } from '../map/lucide';
import type { Palette } from '../map/palette';
import { doorMarks, doorShapes, glyphBox, isDashed, isFull, type DoorMarkName } from './doorMarks';

const glyphs: Record<DoorMarkName, IconNode> = {
  tamper: nodeOf(shieldAlert), 'left-open': nodeOf(doorOpen), open: nodeOf(doorOpen), unlocked: nodeOf(lockOpen), offline: nodeOf(wifiOff), unknown: nodeOf(question), locked: nodeOf(lock), 'key-box': nodeOf(keyRound),
};

const colorOf = (c: Palette, mark: DoorMarkName) => (isFull(mark) ? c.incident.critical : mark === 'unlocked' ? c.incident.warning : mark === 'locked' ? c.incident.info : c.offline);

/** A door's mark on 40 x 40; with a low battery a small battery stands at its corner. */
export function drawDoor(g: CanvasRenderingContext2D, c: Palette, name: string, isBatteryLow: boolean): void {
  const mark = doorMarks.find((m) => m === name) ?? 'unknown';
  const color = colorOf(c, mark);
  const shape = new Path2D(doorShapes[mark]);
  const box = glyphBox(mark);
  g.translate(3, 3);
  g.strokeStyle = c.casing;
  g.lineWidth = 5;
  g.stroke(shape);
  g.fillStyle = isFull(mark) ? color : c.casing;
  g.fill(shape);
  g.strokeStyle = color;
  g.lineWidth = 2.5;
  g.setLineDash(isDashed(mark) ? [4, 3.5] : []);
  g.stroke(shape);
  g.setLineDash([]);
  lucide(g, glyphs[mark], box.x, box.y, box.size, isFull(mark) ? c.casing : color);
  if (!isBatteryLow) return;
  g.beginPath();
  g.roundRect(17, 21, 19, 15, 4);
  g.fillStyle = c.casing;
  g.fill();
  g.strokeStyle = c.incident.critical;
  g.lineWidth = 1.5;
  g.stroke();
  lucide(g, nodeOf(batteryLow), 19, 21, 15, c.incident.critical);
}
