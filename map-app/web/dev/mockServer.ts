import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { sessionOf, signIn, type AccessScene } from './mockAccess.ts';
import { mockAssets } from './mockAssets.ts';
import { MockBroker } from './mockBroker.ts';
import type { SentDecision } from '../src/api/decisions';
import { kinds, type Kind } from '../src/api/types.ts';
import { mockCity, origin, place } from './mockCity.ts';
import { decide, historyOf } from './mockDecisions.ts';
import { addFinding, mockData, photoDetail, photoPicture, type MockData } from './mockData.ts';

/** What the mock pretends; changed by GET /__mock?findings=10000&fail=features&live=0&city=0 while it runs. */
interface Scene extends AccessScene {
  data: MockData;
  fail: string;
  city: boolean;
  /** decisions that somebody else will have made first */
  conflicts: number;
}

const site = 'aoba';
const assets = mockAssets();
/** A city.geojson to look at instead of the mock's own. */
const cityFile = process.env['FIELD_MOCK_CITY'];

/** Stands in for the server during development and in `vite preview`. */
export function mockServer(): Plugin {
  const broker = new MockBroker();
  const scene: Scene = { session: 'open', refuse: '', data: mockData(Number(process.env['FIELD_MOCK'] ?? 60)), fail: '', city: true, conflicts: 0 };
  const use = (server: { httpServer: unknown; middlewares: { use(handle: (q: IncomingMessage, a: ServerResponse, next: () => void) => void): unknown } }) => {
    if (server.httpServer) broker.attach(server.httpServer as Server);
    server.middlewares.use((request, answer, next) => {
      const url = new URL(request.url ?? '/', 'http://mock');
      if (url.pathname === '/__mock') return json(answer, control(url, scene, broker));
      if (!url.pathname.startsWith('/api/')) return next();
      if (request.method === 'POST') return void post(request, url, scene, answer);
      respond(url, scene, answer);
    });
  };
  return { name: 'field-mock', configureServer: use, configurePreviewServer: use };
}

function control(url: URL, scene: Scene, broker: MockBroker): unknown {
  const q = url.searchParams;
  if (q.has('findings')) scene.data = mockData(Number(q.get('findings')));
  if (q.has('session')) scene.session = q.get('session')!;
  if (q.has('refuse')) scene.refuse = q.get('refuse')!;
  if (q.has('fail')) scene.fail = q.get('fail')!;
  if (q.has('conflicts')) scene.conflicts = Number(q.get('conflicts'));
  if (q.has('city')) scene.city = q.get('city') === '1';
  if (q.has('live')) {
    broker.open = q.get('live') === '1';
    if (!broker.open) broker.dropAll();
  }
  for (let n = Number(q.get('publish') ?? 0); n > 0; n--) {
    const data = scene.data;
    const finding = addFinding(data, data.photos[0]!, data.findings.length);
    const event = { specversion: '1.0', id: finding.properties.findingId, source: `/field/${site}/live`, type: 'field.live.finding.v1', data: finding };
    broker.publish(`field/v1/${site}/live/finding/${finding.properties.findingId}`, JSON.stringify(event));
    broker.publish(`field/v1/${site}/live/telemetry/water-gauge-3`, JSON.stringify([{ n: 'water-gauge-3/level', u: 'm', v: 1.27, t: Date.now() / 1000 }, { n: 'water-gauge-3/temperature', u: 'Cel', v: 8.4, t: Date.now() / 1000 }]));
  }
  return { findings: scene.data.findings.length };
}

async function post(request: IncomingMessage, url: URL, scene: Scene, answer: ServerResponse): Promise<void> {
  const [, , , what, id, verb] = url.pathname.split('/');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (what === 'session') return signIn(scene, id ?? '', JSON.parse(body || '{}') as { code?: string | null }, answer);
  if (scene.fail.split(',').includes('decisions')) return status(answer, 503);
  if (what !== 'findings' || verb !== 'decision') return status(answer, 404);
  const [code, said] = decide(scene.data, id!, JSON.parse(body) as SentDecision, scene.conflicts-- > 0);
  answer.statusCode = code;
  json(answer, said);
}

function respond(url: URL, scene: Scene, answer: ServerResponse): void {
  const [, , , what, id, image] = url.pathname.split('/');
  if (scene.fail.split(',').includes(what!)) return status(answer, 503);
  if (what === 'session') return json(answer, sessionOf(scene));
  if (what === 'config') return json(answer, config());
  if (what === 'base') return scene.city ? json(answer, cityFile ? JSON.parse(readFileSync(cityFile, 'utf8')) : { type: 'FeatureCollection', features: mockCity() }) : status(answer, 404);
  if (what === 'features') {
    const since = Number(url.searchParams.get('since') ?? 0);
    if (!kinds.includes(id as Kind)) return status(answer, 404);
    const all = id === 'assets' ? assets : scene.data[id as Exclude<Kind, 'assets'>];
    return json(answer, { type: 'FeatureCollection', revision: scene.data.revision, features: all.filter((f) => f.properties.revision > since) });
  }
  if (what === 'findings') return json(answer, { findingId: id, decisions: historyOf(scene.data, id!) });
  if (what === 'board') return json(answer, { boardId: id, changes: [] });
  if (what === 'facilities') return json(answer, { facilities: [] });
  if (what === 'telemetry') return json(answer, []);
  if (what === 'layers' && !id) return json(answer, { kinds: [], layers: [] });
  if (what !== 'photos') return status(answer, 404);
  if (image === 'image') {
    answer.setHeader('content-type', 'image/svg+xml');
    return void answer.end(photoPicture(scene.data, id!));
  }
  const detail = photoDetail(scene.data, id!);
  return detail ? json(answer, detail) : status(answer, 404);
}

const config = () => ({
  site, siteName: '青葉市', siteNameEn: 'Aoba City', synthetic: true, mqttPath: '/mqtt', gsiTiles: null, version: 'mock',
  base: { kind: 'demo', attribution: '架空の市街地図', attributionEn: 'Imaginary town map', bounds: [...place(-1000, -600), ...place(1000, 600)], center: [origin.lon, origin.lat], zoom: 15 },
});

function json(answer: ServerResponse, body: unknown): void {
  answer.setHeader('content-type', 'application/json');
  answer.end(JSON.stringify(body));
}

function status(answer: ServerResponse, code: number): void {
  answer.statusCode = code;
  answer.end();
}
