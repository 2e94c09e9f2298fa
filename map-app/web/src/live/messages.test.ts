import { describe, expect, it } from 'vitest';
import { readLive } from './messages';

const feature = { type: 'Feature', geometry: null, properties: { findingId: 'ab', revision: 3 } };
const event = JSON.stringify({ specversion: '1.0', type: 'field.live.finding.v1', data: feature });

describe('readLive', () => {
  it('reads a feature out of a CloudEvent', () => {
    expect(readLive('field/v1/aoba/live/finding/ab', event, 0)).toEqual({ kind: 'findings', feature });
  });

  it('reads telemetry', () => {
    expect(readLive('field/v1/aoba/live/telemetry/gauge', '[{"n":"level","u":"m","v":1.5,"t":1800000000}]', 0)).toEqual({
      kind: 'telemetry',
      device: 'gauge',
      measurements: [{ name: 'level', unit: 'm', timeS: 1.8e9, value: 1.5 }],
    });
  });

  it('only hears that a layer changed', () => {
    expect(readLive('field/v1/aoba/live/layer/l-1', event, 0)).toEqual({ kind: 'layer' });
  });

  it.each([
    ['field/v1/aoba/live/finding/ab', '{'],
    ['field/v1/aoba/live/finding/ab', 'null'],
    ['field/v1/aoba/live/finding/ab', '{"data":{"type":"Feature","properties":{}}}'],
    ['field/v1/aoba/live/constructor/ab', event],
    ['field/v1/aoba/live/somethingnew/ab', event],
    ['field/v1/aoba/drone-01/up/event', event],
    ['', event],
  ])('leaves %s %s alone', (topic, payload) => {
    expect(readLive(topic, payload, 0)).toBeNull();
  });
});
