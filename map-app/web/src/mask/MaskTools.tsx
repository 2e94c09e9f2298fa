import * as ToggleGroup from '@radix-ui/react-toggle-group';
import { Check, Eraser, Pentagon, PenLine, Spline, Trash2, Undo2, X } from 'lucide-react';
import type { Dispatch } from 'react';
import { useT } from '../i18n';
import { canUndo, penWidthsPx, type MaskAction, type MaskEdit, type Tool } from './edit';

interface Props {
  edit: MaskEdit;
  /** the outlines cross: such a mask cannot be accepted */
  crossing: boolean;
  act: Dispatch<MaskAction>;
  onAccept: () => void;
  onLeave: () => void;
}

const icons = { corners: Spline, pen: PenLine, polygon: Pentagon };
const keys = { corners: '1', pen: '2', polygon: '3' };
export const tools: Tool[] = ['corners', 'pen', 'polygon'];

/** What can be done to the mask, and the way out. */
export function MaskTools({ edit, crossing, act, onAccept, onLeave }: Props) {
  const t = useT();
  const m = t.review.mask;
  return (
    <section className="mask-tools" aria-label={m.title}>
      <div className="mask-row">
        <ToggleGroup.Root type="single" className="chips segmented" aria-label={m.tool} value={edit.tool} onValueChange={(v) => v && act({ do: 'tool', tool: v as Tool })}>
          {tools.map((tool) => {
            const Icon = icons[tool];
            return (
              <ToggleGroup.Item key={tool} className="chip" value={tool} title={`${m[tool]} (${keys[tool]})`}>
                <Icon aria-hidden size={18} /> {m[tool]}
              </ToggleGroup.Item>
            );
          })}
        </ToggleGroup.Root>
        {edit.tool === 'pen' && (
          <ToggleGroup.Root type="single" className="chips segmented" aria-label={m.penWidth} value={String(edit.penPx)} onValueChange={(v) => v && act({ do: 'pen', penPx: Number(v) })}>
            {penWidthsPx.map((px) => (
              <ToggleGroup.Item key={px} className="chip pen-width" value={String(px)} aria-label={`${m.penWidth} ${px} px`}>
                {px}
              </ToggleGroup.Item>
            ))}
          </ToggleGroup.Root>
        )}
      </div>
      <div className="mask-row">
        <Tool label={m.undo} hint="Z" run={() => act({ do: 'undo' })} off={!canUndo(edit)} icon={<Undo2 aria-hidden />} />
        {edit.tool === 'corners' ? (
          <Tool label={m.remove} hint="Del" run={() => act({ do: 'delete' })} off={!edit.chosen} icon={<Trash2 aria-hidden />} />
        ) : (
          <Tool label={m.finish} hint="Enter" run={() => act({ do: 'finish' })} off={edit.drawing.length < 2} icon={<Pentagon aria-hidden />} />
        )}
        <Tool label={m.clear} run={() => act({ do: 'clear' })} off={edit.rings.length === 0} icon={<Eraser aria-hidden />} />
        <span className="mask-ends">
          <button type="button" className="button" onClick={onLeave} title={`${m.leave} (Esc)`}>
            <X aria-hidden size={18} /> {m.leave}
          </button>
          <button type="button" className="button primary" onClick={onAccept} aria-disabled={edit.rings.length === 0 || crossing}>
            <Check aria-hidden size={18} /> {m.accept} <kbd>Enter</kbd>
          </button>
        </span>
      </div>
      <p className="mask-hint" role="status" data-warning={crossing}>
        {crossing ? `${m.crossing} ` : ''}
        {edit.rings.length === 0 && edit.drawing.length === 0 ? `${m.empty} ` : ''}
        {m.hint[edit.tool]}
      </p>
    </section>
  );
}

function Tool({ label, hint, run, off, icon }: { label: string; hint?: string; run: () => void; off: boolean; icon: React.ReactNode }) {
  return (
    <button type="button" className="tool" onClick={run} disabled={off} title={hint ? `${label} (${hint})` : label}>
      {icon}
      {label}
    </button>
  );
}
