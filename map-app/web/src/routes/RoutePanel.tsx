import { ArrowLeft } from 'lucide-react';
import type { Feature } from 'geojson';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { AssetFeature } from '../api/types';
import { assetName } from '../format/asset';
import { useLang, useT } from '../i18n';
import { boundsOf } from '../map/bounds';
import type { MapController } from '../map/mapController';
import { Choice } from '../panels/Choice';
import { Failed, Loading } from '../panels/States';
import { emptyForm, firstNumbers, heightNumbers, numbersOf, prepare, type Kind, type RouteForm, type Side } from './form';
import { GroundFile } from './GroundFile';
import { NoFly } from './NoFly';
import { areaShapes, editionOf, useNoFly, type NoFlyContext } from './useNoFly';
import { NumberField } from './NumberField';
import { Axis, Homes, type Tapping } from './Places';
import { ProfileChart } from './ProfileChart';
import { RouteResult, RouteStatus } from './RouteResult';
import { routeShapes } from './shapes';
import type { RouteAnswer, RouteNumber, RouteOptions } from './types';
import { useRouteOptions, useRoutePlan } from './useRoutePlan';

/** What was entered stays while the page is open: another look at the asset must not cost it. */
const kept = new Map<string, RouteForm>();

interface Props extends NoFlyContext {
  asset: AssetFeature;
  onClose: () => void;
}

/** Plans a flight along a levee or at a bridge; the map shows it while it is changed. */
export function RoutePanel({ asset, onClose, ...page }: Props) {
  const t = useT();
  const { options, retry } = useRouteOptions();
  return (
    <>
      <section className="facts">
        <button type="button" className="text-button" onClick={onClose}>
          <ArrowLeft aria-hidden size={18} /> {t.routes.back}
        </button>
        <div className="facts-head">
          <h3>{assetName(t, asset.properties.assetId, asset)}</h3>
        </div>
      </section>
      {options === null && <Loading />}
      {options === 'failed' && <Failed title={t.routes.optionsFailed} onRetry={retry} />}
      {options !== null && options !== 'failed' && <Planner asset={asset} options={options} {...page} />}
    </>
  );
}

function Planner({ asset, options, ...page }: Omit<Props, 'onClose'> & { options: RouteOptions }) {
  const { controller } = page;
  const t = useT();
  const { assetId } = asset.properties;
  const kind: Kind = asset.properties.kind === 'bridge' ? 'bridge' : 'levee';
  const [form, setForm] = useState<RouteForm>(() => kept.get(assetId) ?? emptyForm(kind));
  const [tapping, setTapping] = useState<Tapping>(null);
  const change = (part: Partial<RouteForm>) => {
    const next = { ...form, ...part };
    kept.set(assetId, next);
    setForm(next);
  };
  const { body, invalid } = useMemo(() => prepare(kind, assetId, form), [kind, assetId, form]);
  const noFly = useNoFly(page);
  const plan = useRoutePlan(body, editionOf(noFly.areas));
  const put = (what: 'home' | 'axis', lon: number, lat: number) =>
    change(what === 'home' ? { homes: [...form.homes, { lon, lat, ground: kind === 'bridge' && form.homes.length === 0 ? '0' : '' }] } : { axis: [...form.axis, [lon, lat]] });
  const shapes = useMemo(() => [...routeShapes(plan.answer, form), ...areaShapes(noFly.areas, noFly.doing)], [plan.answer, form, noFly.areas, noFly.doing]);
  useMapOfRoute(controller, shapes, noFly.doing?.do === 'draw' ? 'area' : tapping, put, () => setTapping(null), asset);

  const set = (member: string, text: string) => change({ numbers: { ...form.numbers, [member]: text } });
  const middle = (what: 'home' | 'axis') => {
    const at = controller?.middle();
    if (at) put(what, at[0], at[1]);
  };
  const field = useField(form, invalid, plan.errors, set);
  const shown = new Set([...firstNumbers[kind], ...heightNumbers]);
  const table = numbersOf(options, kind);
  // What the plan on the map was made of, which may not be what is typed now.
  const answered = useMemo(() => JSON.parse(plan.body ?? '{}') as Record<string, unknown>, [plan.body]);
  const valueOf = (member: string) => (typeof answered[member] === 'number' ? answered[member] : (table.find((n) => n.member === member)?.default ?? null));
  const levels = (kind === 'bridge' ? (['topM', 'undersideM'] as const) : []).flatMap((member) => {
    const elevationM = valueOf(member);
    return elevationM === null ? [] : [{ name: t.routes.profile.levels[member], elevationM }];
  });
  const places = (what: 'home' | 'axis') => ({ tapping: tapping === what, onTap: (on: boolean) => setTapping(on ? what : null), onMiddle: () => middle(what) });
  return (
    <>
      <RouteStatus plan={plan} invalid={invalid} />
      <RouteResult plan={plan} invalid={invalid} />
      {plan.answer && <ProfileChart answer={plan.answer} ground={kind === 'bridge' ? 'water' : 'ground' in answered ? 'profile' : 'level'} limitM={valueOf('maxHeightM') ?? 150} levels={levels} />}
      <Settings {...{ kind, form, change, options, field, table, levee: plan.answer?.levee ?? null }} />
      {kind === 'levee' && <GroundFile ground={form.ground} onChange={(ground) => change({ ground })} />}
      {kind === 'bridge' && <Axis axis={form.axis} onClear={() => change({ axis: [] })} {...places('axis')} />}
      <Homes homes={form.homes} invalid={invalid} onChange={(homes) => change({ homes })} {...places('home')} />
      <NoFly noFly={form.noFly} onChange={(file) => change({ noFly: file })} kept={noFly} />
      <More numbers={table.filter((n) => !shown.has(n.member))} field={field} />
    </>
  );
}

type FieldOf = (number: RouteNumber) => React.ReactNode;

/** A field that knows what is wrong with its value. */
function useField(form: RouteForm, invalid: string[], errors: RouteAnswer['errors'], set: (member: string, text: string) => void): FieldOf {
  const t = useT();
  const lang = useLang();
  return (number) => {
    const said = errors.find((e) => e.member === number.member && e.code !== 'missing');
    const problem = invalid.includes(number.member) ? t.routes.invalid(number[lang]) : (said?.[lang] ?? null);
    return <NumberField key={number.member} number={number} text={form.numbers[number.member] ?? ''} problem={problem} onChange={(text) => set(number.member, text)} />;
  };
}

interface SettingsProps {
  kind: Kind;
  form: RouteForm;
  change: (part: Partial<RouteForm>) => void;
  options: RouteOptions;
  field: FieldOf;
  table: RouteNumber[];
  levee: RouteAnswer['levee'];
}

function Settings({ kind, form, change, options, field, table, levee }: SettingsProps) {
  const t = useT();
  const of = (members: readonly string[]) => members.map((m) => table.find((n) => n.member === m)).filter((n) => n !== undefined).map(field);
  const plain = (member: string, ja: string, hint = '', unit = 'k') => field({ member, unit, default: null, required: false, ja, en: ja, hintJa: hint, hintEn: hint });
  return (
    <>
      {kind === 'bridge' && (
        <fieldset className="route-group">
          <legend>{t.routes.heights}</legend>
          <p className="note">{t.routes.heightsHint}</p>
          {of(heightNumbers)}
          {plain('deckWidthM', t.routes.deckWidth, t.routes.deckWidthHint, 'm')}
        </fieldset>
      )}
      <fieldset className="route-group">
        <legend>{t.routes.settings}</legend>
        <Choice
          label={t.routes.camera}
          value={form.camera || options.cameras[0]!.name}
          options={options.cameras.map((c) => [c.name, c.kmz ? c.label : c.label + t.routes.noKmz])}
          onChange={(camera) => change({ camera })}
        />
        {of(firstNumbers[kind])}
        {kind === 'levee' && (
          <Choice label={t.routes.side} value={form.side} options={Object.entries(t.routes.sides)} onChange={(side) => change({ side: side as Side })} />
        )}
        {kind === 'bridge' &&
          (['beside', 'under'] as const).map((part) => (
            <label key={part} className="route-check">
              <input type="checkbox" checked={form[part]} onChange={(e) => change({ [part]: e.target.checked })} /> {t.routes[part]}
            </label>
          ))}
      </fieldset>
      {kind === 'levee' && (
        <fieldset className="route-group">
          <legend>{t.routes.range}</legend>
          {levee?.lowKm != null && levee.highKm != null && <p className="note">{t.routes.rangeHint(String(levee.lowKm), String(levee.highKm))}</p>}
          {plain('fromKm', t.routes.from)}
          {plain('toKm', t.routes.to)}
        </fieldset>
      )}
    </>
  );
}

function More({ numbers, field }: { numbers: RouteNumber[]; field: FieldOf }) {
  const t = useT();
  return (
    <details className="route-more">
      <summary>{t.routes.more}</summary>
      {numbers.map(field)}
    </details>
  );
}

/** The map while the panel is open: it shows the route, and a click on it chooses nothing. */
function useMapOfRoute(
  controller: MapController | null, shapes: Feature[], tapping: Tapping | 'area',
  put: (what: 'home' | 'axis', lon: number, lat: number) => void, stop: () => void, asset: AssetFeature,
) {
  useEffect(() => controller?.setRoute(shapes), [controller, shapes]);
  const tapped = useEffectEvent((lon: number, lat: number) => {
    if (tapping === 'home' || tapping === 'axis') put(tapping, lon, lat);
  });
  const first = useEffectEvent((c: MapController) => c.fit(boundsOf([asset.geometry]), true, 18));
  useEffect(() => {
    if (!controller) return;
    first(controller);
    return () => controller.setRoute([]);
  }, [controller]);
  useEffect(() => {
    if (!controller || tapping === 'area') return; // while an area is drawn the taps are its corners
    controller.setTap((lon, lat) => tapped(lon, lat), tapping !== null);
    return () => controller.setTap(null, false);
  }, [controller, tapping]);
  const escaped = useEffectEvent((e: KeyboardEvent) => {
    if (e.key !== 'Escape' || tapping === null || tapping === 'area') return;
    e.preventDefault(); // one thing at a time: the panel stays
    stop();
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent) => escaped(e);
    window.addEventListener('keydown', listener, { capture: true });
    return () => window.removeEventListener('keydown', listener, { capture: true });
  }, []);
}
