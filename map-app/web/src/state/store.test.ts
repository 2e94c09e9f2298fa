import { describe, expect, it } from 'vitest';
import { mockData } from '../../dev/mockData';
import { coalesce } from './coalesce';
import { FieldStore } from './store';

/** A clock of frames that the test turns by hand. */
function frames() {
  const waiting: (() => void)[] = [];
  return { schedule: (run: () => void) => void waiting.push(run), turn: () => waiting.splice(0).forEach((run) => run()), get size() { return waiting.length; } };
}

describe('coalesce', () => {
  it('runs once per frame however often it is asked', () => {
    const clock = frames();
    let runs = 0;
    const ask = coalesce(() => runs++, clock.schedule);
    for (let i = 0; i < 1000; i++) ask();
    clock.turn();
    expect(runs).toBe(1);
    ask();
    clock.turn();
    expect(runs).toBe(2);
  });
});

describe('FieldStore', () => {
  const { findings } = mockData(3);

  it('tells its listeners once about a burst, with the newest state', () => {
    const clock = frames();
    const store = new FieldStore(clock.schedule);
    const heard: number[] = [];
    store.onChanges((c) => heard.push(c.findings.changed.length));
    for (let i = 0; i < 500; i++)
      store.applyLive({ kind: 'findings', feature: { ...findings[0]!, properties: { ...findings[0]!.properties, revision: 1000 + i } } });
    expect(heard).toEqual([]);
    clock.turn();
    expect(heard).toEqual([1]);
    expect(store.getView().findings.values()[0]!.properties.revision).toBe(1499);
  });

  it('shows what came of an own action at once, however calm the panels are kept', () => {
    const clock = frames();
    const store = new FieldStore(clock.schedule, clock.schedule);
    const seen: (number | undefined)[] = [];
    store.subscribe(() => seen.push(store.getView().findings.get(findings[0]!.properties.findingId)?.properties.revision));
    const at = (revision: number) => ({ kind: 'findings' as const, feature: { ...findings[0]!, properties: { ...findings[0]!.properties, revision } } });
    store.applyLive(at(1000));
    store.applyOwn(at(1001));
    expect(seen).toEqual([1001]);
    clock.turn();
    clock.turn();
    expect(seen.at(-1)).toBe(1001);
  });

  it('passes news of layers on at once, and draws nothing for them', () => {
    const clock = frames();
    const store = new FieldStore(clock.schedule);
    let heard = 0;
    const stop = store.onLayers(() => heard++);
    store.applyLive({ kind: 'layer' });
    stop();
    store.applyLive({ kind: 'layer' });
    expect([heard, store.getView().version]).toEqual([1, 0]);
  });

  it('calls a live finding an arrival only when it is new and the snapshot is in', () => {
    const clock = frames();
    const store = new FieldStore(clock.schedule);
    const arrived: string[] = [];
    store.onChanges((c) => arrived.push(...c.arrived.map((f) => f.properties.findingId)));
    store.applyLive({ kind: 'findings', feature: findings[0]! });
    store.applySnapshot('findings', { type: 'FeatureCollection', features: [findings[1]!], revision: 50 });
    store.applyLive({ kind: 'findings', feature: { ...findings[1]!, properties: { ...findings[1]!.properties, revision: 51 } } });
    store.applyLive({ kind: 'findings', feature: findings[2]! });
    store.applyLive({ kind: 'findings', feature: findings[2]! });
    clock.turn();
    expect(arrived).toEqual([findings[2]!.properties.findingId]);
  });

  it('keeps what is known when a later snapshot fails', () => {
    const clock = frames();
    const store = new FieldStore(clock.schedule);
    store.applySnapshot('findings', { type: 'FeatureCollection', features: findings, revision: 50 });
    store.snapshotFailed('findings');
    store.snapshotFailed('photos');
    clock.turn();
    const view = store.getView();
    expect([view.findings.size, view.load.findings, view.load.photos]).toEqual([3, 'loaded', 'failed']);
  });

  it('keeps the latest value of every series, and not endlessly many series', () => {
    const clock = frames();
    const store = new FieldStore(clock.schedule);
    const m = (name: string, timeS: number, value: number) => ({ name, unit: null, timeS, value });
    store.applyLive({ kind: 'telemetry', device: 'd', measurements: [m('level', 2e9, 2), m('level', 2e9 - 1, 1)] });
    store.applyLive({ kind: 'telemetry', device: 'd', measurements: Array.from({ length: 500 }, (_, i) => m(`x${i}`, 2e9, i)) });
    clock.turn();
    const series = store.getView().telemetry.get('d')!;
    expect(series.get('level')!.value).toBe(2);
    expect(series.size).toBe(100);
  });
});
