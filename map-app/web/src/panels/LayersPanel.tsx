import * as Checkbox from '@radix-ui/react-checkbox';
import * as Slider from '@radix-ui/react-slider';
import { BatteryLow, Check, X } from 'lucide-react';
import type { Dispatch, ReactNode } from 'react';
import type { AssetFeature, PhotoFeature, SiteConfig } from '../api/types';
import { number, percent } from '../format/numbers';
import { ImportedLayers } from '../layers/ImportedLayers';
import type { MapLayers } from '../layers/useMapLayers';
import { useT } from '../i18n';
import { isKnown } from '../state/probe';
import type { View } from '../state/store';
import type { LayerName, UiAction, UiState } from '../state/ui';
import { DoorMark } from '../locks/DoorMark';
import { doorMarks } from '../locks/doorMarks';
import { doorCounts, type DoorHere } from '../locks/useDoors';
import { DeviceIcon, FindingBadge } from './Badge';

interface Props {
  config: SiteConfig;
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
  /** findings that pass the filters */
  shown: number;
  doors: DoorHere[];
  imported: MapLayers;
  onFit: (bounds: [number, number, number, number]) => void;
}

const hasPlace = (f: { geometry: unknown }) => f.geometry !== null;
const hasCamera = (f: PhotoFeature) => f.properties.cameraLon != null;
const isDrawnWhole = (f: AssetFeature) => f.geometry !== null && f.properties.kind !== 'element';

/** What is drawn, how much of it there is, and what the marks mean. */
export function LayersPanel({ config, view, ui, act, shown, doors, imported, onFit }: Props) {
  const t = useT();
  const total = view.findings.size;
  const known = (kind: 'photos' | 'findings' | 'devices', n: number) => (isKnown(view, kind) ? number(n) : t.field.none);
  const stand = doorCounts(doors);
  const counts: Record<LayerName, string> = {
    doors: number(stand.all),
    findings: shown === total ? known('findings', total) : `${number(shown)} / ${number(total)}`,
    footprints: known('photos', view.photos.count(hasPlace)),
    cameras: known('photos', view.photos.count(hasCamera)),
    assets: view.load.assets === 'loaded' || view.assets.size > 0 ? number(view.assets.count(isDrawnWhole)) : t.field.none,
    devices: known('devices', view.devices.count(hasPlace)),
  };
  const toggle = (layer: LayerName, legend: ReactNode, note?: string) => (
    <div className="layer">
      <Toggle on={ui.layers[layer]} onChange={(on) => act({ do: 'layer', layer, on })} text={t.layers[layer]} count={counts[layer]} />
      <div className="legend">
        {legend}
        {note && <span className="quiet">{note}</span>}
      </div>
    </div>
  );
  return (
    <section className="panel layers-panel" aria-label={t.layers.title}>
      <header>
        <h2>{t.layers.title}</h2>
        <button type="button" className="tool icon" onClick={() => act({ do: 'layers' })} aria-label={t.layers.close}>
          <X aria-hidden />
        </button>
      </header>
      <div className="scroll">
        {toggle(
          'findings',
          <>
            <Key mark={<FindingBadge score={0.9} className="crack" size={22} />} text={t.layers.scoreHigh} />
            <Key mark={<FindingBadge score={0.6} className="crack" size={22} />} text={t.layers.scoreMid} />
            <Key mark={<FindingBadge score={0.3} className="crack" size={22} />} text={t.layers.scoreLow} />
            <Key mark={<span className="cluster-mark">12</span>} text={t.layers.cluster} />
            <Key mark={<span className="degree-tag" data-status="draft">c?</span>} text={t.review.legendDraft} />
            <Key mark={<span className="degree-tag" data-status="confirmed">c</span>} text={t.review.legendDecided} />
          </>,
        )}
        <Threshold value={ui.filters.minScore} onChange={(minScore) => act({ do: 'filter', filters: { minScore } })} />
        {toggle('footprints', <><Key mark={<Line />} text={t.layers.measured} /><Key mark={<Line dashed />} text={t.layers.assumed} /></>)}
        {toggle('cameras', <Key mark={<CameraMark />} text={t.layers.camerasHint} />)}
        {toggle('assets', <><Key mark={<AssetMark />} text={`${t.review.assets.kind['bridge']}・${t.review.assets.kind['levee']}・${t.review.assets.kind['road']}`} /><Key mark={<MarkMark />} text={t.review.assets.kind['mark'] ?? ''} /></>)}
        {toggle('devices', <><Key mark={<DeviceIcon kind="drone" online />} text={t.layers.online} /><Key mark={<DeviceIcon kind="drone" online={false} />} text={t.layers.offline} /></>)}
        {stand.all > 0 &&
          toggle(
            'doors',
            <>
              {doorMarks.filter((m) => m !== 'key-box' || stand.of[m] > 0).map((m) => <Key key={m} mark={<DoorMark mark={m} size={26} />} text={t.locks.doors.mark[m] ?? m} count={number(stand.of[m])} />)}
              <Key mark={<BatteryLow className="door-low" aria-hidden size={22} />} text={t.locks.doors.low} count={number(stand.low)} />
            </>,
          )}
        <ImportedLayers layers={imported} onFit={onFit} importing={ui.dialog === 'importLayer'} onImport={(on) => act({ do: 'dialog', dialog: on ? 'importLayer' : null })} />
        {config.gsiTiles && (
          <div className="layer">
            <Toggle on={ui.gsi} onChange={(on) => act({ do: 'gsi', on })} text={t.layers.baseGsi} count="" />
          </div>
        )}
      </div>
    </section>
  );
}

function Toggle({ on, onChange, text, count }: { on: boolean; onChange: (on: boolean) => void; text: string; count: string }) {
  return (
    <label className="toggle">
      <Checkbox.Root className="checkbox" checked={on} onCheckedChange={(v) => onChange(v === true)}>
        <Checkbox.Indicator>
          <Check aria-hidden size={18} strokeWidth={3} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <span>{text}</span>
      <span className="toggle-count">{count}</span>
    </label>
  );
}

function Threshold({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const t = useT();
  return (
    <div className="threshold">
      <div className="threshold-head">
        <span id="threshold-name">{t.layers.threshold}</span>
        <output>{percent(value)}</output>
      </div>
      <Slider.Root className="slider" min={0} max={95} step={5} value={[Math.round(value * 100)]} onValueChange={([v]) => onChange((v ?? 0) / 100)}>
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb className="slider-thumb" aria-labelledby="threshold-name" aria-valuetext={percent(value)} />
      </Slider.Root>
      <p className="quiet">{t.layers.thresholdHint}</p>
    </div>
  );
}

const Key = ({ mark, text, count }: { mark: ReactNode; text: string; count?: string }) => (
  <span className="key">
    <span className="key-mark">{mark}</span>
    {text}
    {count !== undefined && <strong className="key-count">{count}</strong>}
  </span>
);

const Line = ({ dashed = false }: { dashed?: boolean }) => (
  <svg width="28" height="16" aria-hidden className="footprint-mark">
    <rect x="2" y="2" width="24" height="12" strokeDasharray={dashed ? '4 3' : undefined} />
  </svg>
);

const AssetMark = () => (
  <svg width="28" height="16" aria-hidden className="asset-mark">
    <path d="M2 8H26" />
  </svg>
);

const MarkMark = () => (
  <svg width="28" height="16" aria-hidden className="asset-mark">
    <circle cx="14" cy="8" r="4" />
  </svg>
);

const CameraMark = () => (
  <svg width="22" height="22" aria-hidden className="camera-mark">
    <path d="M11 3 17 18 11 14.5 5 18Z" />
  </svg>
);
