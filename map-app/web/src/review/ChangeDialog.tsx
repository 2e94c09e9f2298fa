import * as Dialog from '@radix-ui/react-dialog';
import { useMemo, useState } from 'react';
import type { AssetFeature, FindingProperties } from '../api/types';
import { assetName } from '../format/asset';
import { useT, wording } from '../i18n';
import { Choice } from '../panels/Choice';
import type { View } from '../state/store';
import { classes } from './degree';
import type { Plan } from './plan';

interface Props {
  p: FindingProperties;
  plan: Plan;
  view: View;
  open: boolean;
  onPlan: (plan: Plan) => void;
  onClose: () => void;
}

/** Another class, another asset or element: prepared here, decided with C. */
export function ChangeDialog({ open, onClose, ...rest }: Props) {
  const t = useT();
  return (
    <Dialog.Root open={open} onOpenChange={(v) => !v && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog form-dialog" data-modal aria-describedby={undefined}>
          <header>
            <Dialog.Title>{t.review.changeTitle}</Dialog.Title>
          </header>
          <Form {...rest} onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ p, plan, view, onPlan, onClose }: Omit<Props, 'open'>) {
  const t = useT();
  const [chosen, setChosen] = useState({ class: plan.class ?? p.class, asset: plan.assetId ?? p.assetId ?? '', element: plan.elementId ?? p.elementId ?? '', note: plan.note });
  const assets = useMemo(() => view.assets.values(), [view]);
  const named = (list: AssetFeature[]): [string, string][] => list.map((a): [string, string] => [a.properties.assetId, assetName(t, a.properties.assetId, a)]).sort((a, b) => a[1].localeCompare(b[1], 'ja'));
  const whole = named(assets.filter((a) => a.properties.kind !== 'element' && a.properties.kind !== 'mark'));
  const elements = named(assets.filter((a) => a.properties.kind === 'element' && elementOf(a, chosen.asset)));
  const save = () => {
    const { degree, pixelRings } = plan;
    onPlan({
      note: chosen.note.trim(),
      ...(degree ? { degree } : {}),
      ...(pixelRings ? { pixelRings } : {}),
      ...(chosen.class !== p.class ? { class: chosen.class } : {}),
      ...(chosen.asset && chosen.asset !== p.assetId ? { assetId: chosen.asset } : {}),
      ...(chosen.element && chosen.element !== p.elementId ? { elementId: chosen.element } : {}),
    });
    onClose();
  };
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        save();
      }}
    >
      <Choice label={t.review.classLabel} value={chosen.class} onChange={(v) => setChosen({ ...chosen, class: v })} options={[...new Set([...classes, p.class])].map((c) => [c, wording(t.className, c)])} />
      <Choice label={t.review.assetLabel} value={chosen.asset} onChange={(v) => setChosen({ ...chosen, asset: v, element: '' })} options={known(whole, chosen.asset, t.review.noAsset)} />
      {elements.length > 0 || chosen.element ? (
        <Choice label={t.review.elementLabel} value={chosen.element} onChange={(v) => setChosen({ ...chosen, element: v })} options={known(elements, chosen.element, t.review.unchanged)} />
      ) : (
        <p className="note">{t.review.noElements}</p>
      )}
      <label className="field">
        <span>{t.review.note}</span>
        <input value={chosen.note} onChange={(e) => setChosen({ ...chosen, note: e.currentTarget.value })} maxLength={1000} />
      </label>
      <div className="form-foot">
        <Dialog.Close className="button">{t.review.cancel}</Dialog.Close>
        <button type="submit" className="button primary">
          {t.review.apply}
        </button>
      </div>
    </form>
  );
}

/** An element belongs to the bridge that its id or its ledger row names. */
const elementOf = ({ properties: e }: AssetFeature, assetId: string) => {
  const bridge = assetId.slice(assetId.indexOf(':') + 1);
  return assetId.startsWith('bridge:') && (e.parent === assetId || e.parent === bridge || e.assetId.startsWith(`element:${bridge}/`));
};

/** The choices with the present one among them, even where the ledger does not know it; empty only where there is none yet. */
function known(options: [string, string][], value: string, without: string): [string, string][] {
  if (!value) return [['', without], ...options];
  return options.some(([id]) => id === value) ? options : [[value, value], ...options];
}
