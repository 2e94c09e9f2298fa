import * as Checkbox from '@radix-ui/react-checkbox';
import * as Slider from '@radix-ui/react-slider';
import { Check, LocateFixed, Minus, Pencil, TriangleAlert, Upload } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../access/may';
import { useAsked } from '../api/useAsked';
import { number, percent } from '../format/numbers';
import { useLang, useT, wording } from '../i18n';
import { Empty, Failed, Loading } from '../panels/States';
import { ImportDialog } from './ImportDialog';
import { restoreLayer } from './importApi';
import { LayerDialog } from './LayerDialog';
import { RemovedLayers } from './RemovedLayers';
import { plain } from './drawing';
import { byKind, sharedLegend } from './shown';
import { Swatch } from './Swatch';
import type { LayerClass, MapLayer, Shown } from './types';
import type { MapLayers } from './useMapLayers';

interface KindsProps {
  layers: MapLayers;
  onFit: (bounds: [number, number, number, number]) => void;
  /** null: whoever looks may not change layers */
  onEdit: ((layer: MapLayer) => void) | null;
}

interface Props extends Omit<KindsProps, 'onEdit'> {
  importing: boolean;
  onImport: (open: boolean) => void;
}

/** Hazard zones, shelters, boundaries: what was imported, by what it is about. */
export function ImportedLayers({ layers, onFit, importing, onImport }: Props) {
  const t = useT();
  const { list } = layers;
  const mayImport = useMay('layers.manage');
  const [edited, setEdited] = useState<string | null>(null);
  const [removed, setRemoved] = useState<MapLayer | null>(null);
  const { said, run } = useAsked();
  const shows = (layer: MapLayer) => {
    layers.renew();
    layers.change(layer.layerId, { on: true });
  };
  const bringBack = (layer: MapLayer) =>
    run(() => restoreLayer(layer.layerId), (back) => {
      setRemoved(null);
      shows(back);
    });
  return (
    <div className="imported" role="group" aria-label={t.imported.title}>
      <div className="imported-head">
        <h3>{t.imported.title}</h3>
        {mayImport && (
          <button type="button" className="button" onClick={() => onImport(true)}>
            <Upload aria-hidden size={18} /> {t.imported.import.open}
          </button>
        )}
      </div>
      <ImportDialog
        open={importing}
        onClose={() => onImport(false)}
        onChanged={(layer) => {
          if (!layer) return layers.renew();
          shows(layer);
          if (layer.bounds) onFit(layer.bounds);
        }}
      />
      {edited !== null && list && (
        <LayerDialog
          key={edited}
          layerId={edited}
          kinds={list.kinds}
          onClose={() => setEdited(null)}
          onChanged={layers.renew}
          onRemoved={(layer) => {
            setEdited(null);
            setRemoved(layer);
            layers.renew();
          }}
        />
      )}
      <div role="status" className="layer-done">
        {removed && <><strong>{t.imported.edit.removed(removed.title)}</strong><button type="button" className="text-button" onClick={() => void bringBack(removed)}>{t.imported.edit.undo}</button></>}
      </div>
      {said && <p className="import-error" role="alert">{said.text}</p>}
      {list === null && !layers.failed && <Loading rows={3} />}
      {list === null && layers.failed && <Failed title={t.imported.failed} onRetry={layers.renew} />}
      {list !== null && layers.failed && <p className="quiet" role="status">{t.imported.stale}</p>}
      {list?.layers.length === 0 && <Empty title={t.imported.empty} hint={t.imported.emptyHint} />}
      <LayerKinds layers={layers} onFit={onFit} onEdit={mayImport ? (layer) => setEdited(layer.layerId) : null} />
      {mayImport && list && <RemovedLayers list={list} onRestored={shows} />}
    </div>
  );
}

/** What can be shown, by kind: each with its legend, source and age. */
export function LayerKinds({ layers, onFit, onEdit }: KindsProps) {
  const t = useT();
  const { list } = layers;
  return (
    <>
      {list && byKind(list.kinds, list.layers).map(([kind, some]) => {
        const on = some.filter((l) => layers.shown(l.layerId).on).length;
        const legend = some.length > 1 ? sharedLegend(some) : null;
        return (
          <details key={kind} className="imported-kind" open={on > 0 || some.length <= 3}>
            <summary>
              <span>{wording(t.imported.kind, kind)}</span>
              <span className="toggle-count">{t.imported.onOf(number(on), number(some.length))}</span>
            </summary>
            {some.length > 1 && (
              <label className="toggle">
                <Checkbox.Root className="checkbox" checked={on === some.length ? true : on > 0 ? 'indeterminate' : false} onCheckedChange={(v) => some.forEach((l) => layers.change(l.layerId, { on: v === true }))}>
                  <Checkbox.Indicator>
                    {on === some.length ? <Check aria-hidden size={18} strokeWidth={3} /> : <Minus aria-hidden size={18} strokeWidth={3} />}
                  </Checkbox.Indicator>
                </Checkbox.Root>
                <span>{t.imported.all(wording(t.imported.kind, kind))}</span>
              </label>
            )}
            {legend && on > 0 && <Legend classes={legend} />}
            {some.map((layer) => (
              <OneLayer legend={legend === null} key={layer.layerId} layer={layer} shown={layers.shown(layer.layerId)} onChange={(part) => layers.change(layer.layerId, part)} onFit={onFit} onEdit={onEdit} />
            ))}
          </details>
        );
      })}
    </>
  );
}

function Legend({ classes, unclassed = 0 }: { classes: LayerClass[]; unclassed?: number }) {
  const t = useT();
  const lang = useLang();
  return (
    <div className="legend imported-legend">
      {classes.map((c) => (
        <span key={c.key} className="key">
          <Swatch colour={c.colour} pattern={c.pattern} />
          {c[lang]}
        </span>
      ))}
      {unclassed > 0 && (
        <span className="key">
          <Swatch colour={plain} pattern="none" />
          {t.imported.classes.noClass(number(unclassed))}
        </span>
      )}
    </div>
  );
}

function OneLayer({ layer, legend, shown, onChange, onFit, onEdit }: { layer: MapLayer; legend: boolean; shown: Shown; onChange: (part: Partial<Shown>) => void } & Omit<KindsProps, 'layers'>) {
  const t = useT();
  return (
    <div className="layer">
      <label className="toggle">
        <Checkbox.Root className="checkbox" checked={shown.on} onCheckedChange={(v) => onChange({ on: v === true })}>
          <Checkbox.Indicator>
            <Check aria-hidden size={18} strokeWidth={3} />
          </Checkbox.Indicator>
        </Checkbox.Root>
        <span className="imported-title">{layer.title}</span>
      </label>
      {layer.withdrawnOn && (
        <p className="withdrawn" title={layer.withdrawnReason}>
          <TriangleAlert aria-hidden size={16} /> {t.imported.withdrawn(layer.withdrawnOn)}
        </p>
      )}
      {shown.on && (
        <div className="legend imported-legend">
          {layer.classTable && (legend || (layer.classTable.unclassedCount ?? 0) > 0) && <Legend classes={legend ? layer.classTable.classes : []} unclassed={layer.classTable.unclassedCount ?? 0} />}
          <div className="imported-opacity">
            <span id={`opacity-${layer.layerId}`}>{t.imported.opacity}</span>
            <Slider.Root className="slider" min={10} max={100} step={10} value={[Math.round(shown.opacity * 100)]} onValueChange={([v]) => onChange({ opacity: (v ?? 70) / 100 })}>
              <Slider.Track className="slider-track">
                <Slider.Range className="slider-range" />
              </Slider.Track>
              <Slider.Thumb className="slider-thumb" aria-labelledby={`opacity-${layer.layerId}`} aria-valuetext={percent(shown.opacity)} />
            </Slider.Root>
            {layer.bounds && (
              <button type="button" className="tool icon" onClick={() => onFit(layer.bounds!)} aria-label={t.imported.fit(layer.title)} title={t.imported.fit(layer.title)}>
                <LocateFixed aria-hidden size={20} />
              </button>
            )}
          </div>
          <p className="quiet">
            {[layer.source ?? t.imported.noSource, layer.sourceDate ?? t.imported.noDate, t.imported.count(number(layer.featureCount))].join('・')}
            {layer.attribution && <><br />{layer.attribution}</>}
            {layer.refusedCount > 0 && <><br /><strong>{t.imported.refused(number(layer.refusedCount))}</strong></>}
          </p>
          {onEdit && (
            <button type="button" className="button layer-edit" aria-label={t.imported.edit.open(layer.title)} onClick={() => onEdit(layer)}>
              <Pencil aria-hidden size={18} /> {t.imported.edit.change}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
