import { afterEach, describe, expect, it, vi } from 'vitest';
import { dictionaries } from '../i18n';
import { formOf, send, wordsOf } from './answer';

const page = new EventTarget();

function server(answer: () => Response | Promise<Response>) {
  const asked = vi.fn<(path: string, how: RequestInit) => Promise<Response>>(() => Promise.resolve().then(answer));
  vi.stubGlobal('fetch', asked);
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', { documentElement: { lang: 'ja' } });
  return asked;
}

async function faultOf(status: number, body: unknown) {
  server(() => (typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status })));
  const answer = await send('POST', '/x', {});
  if (answer.ok) throw new Error('it was done');
  return answer.fault!;
}

afterEach(() => vi.unstubAllGlobals());

describe('what is asked', () => {
  it('is JSON of an object or as it was written, and a form or a file as it is, in the reader’s language', async () => {
    const asked = server(() => Response.json({}));
    const form = formOf({ file: new File(['a'], 'a.csv'), title: '', crs: null, encoding: 'UTF-8' });
    for (const body of [{ a: 1 }, '{"a":1}', form, null]) await send('PUT', '/x', body);
    const sent = asked.mock.calls.map(([, how]) => how);
    expect(sent.map((how) => how.body)).toEqual(['{"a":1}', '{"a":1}', form, null]);
    expect(sent.map((how) => (how.headers as Record<string, string>)['content-type'])).toEqual(['application/json', 'application/json', undefined, undefined]);
    expect(sent.every((how) => how.method === 'PUT' && (how.headers as Record<string, string>)['accept-language'] === 'ja')).toBe(true);
    expect([...form.keys()]).toEqual(['file', 'encoding']);
  });
});

describe('what was done', () => {
  it('is the answer, nothing where there is none, and a file where one is wanted', async () => {
    server(() => Response.json({ n: 1 }));
    expect(await send('POST', '/x')).toEqual({ ok: true, value: { n: 1 } });
    server(() => new Response(null, { status: 204 }));
    expect(await send('DELETE', '/x')).toEqual({ ok: true, value: null });
    server(() => new Response('PDF'));
    expect(await send('POST', '/x', {}, { read: (response) => response.text() })).toEqual({ ok: true, value: 'PDF' });
  });
});

describe('why it was not done', () => {
  it('is said in both languages, once or for all that is wrong, or as the server puts it', async () => {
    expect(await faultOf(409, { error: '前', code: 'changed', ja: '前', en: 'before', row: { n: 2 } })).toMatchObject({ status: 409, code: 'changed', ja: '前', en: 'before', body: { row: { n: 2 } } });
    const both = [{ code: 'a', ja: 'あ', en: 'a' }, { code: 'i', ja: 'い', en: 'i' }];
    expect(await faultOf(400, { error: 'あ\nい', errors: both })).toMatchObject({ code: 'a', ja: 'あ\nい', en: 'a\ni' });
    expect(await faultOf(422, { error: '読めません / not read', errors: [] })).toMatchObject({ code: '', ja: '読めません / not read', en: '読めません / not read' });
    expect(await faultOf(429, { code: 'wait', ja: '待つ', en: 'wait', retryAt: '2026-05-11T09:00:00Z' })).toMatchObject({ retryAt: '2026-05-11T09:00:00Z' });
  });

  it('is the status where the server has no words, and no answer where there was none or only a part', async () => {
    const proxy = await faultOf(502, '<html>');
    expect(wordsOf(proxy, 'ja', dictionaries.ja)).toContain('502');
    for (const broken of [() => Promise.reject(new TypeError('offline')), () => new Response('{"n":')]) {
      server(broken);
      expect(await send('POST', '/x', {})).toEqual({ ok: false, fault: null });
    }
    expect(wordsOf(null, 'en', dictionaries.en)).toBe(dictionaries.en.noAnswer);
  });

  it('makes the page look who is signed in when nobody may ask', async () => {
    const looked = vi.fn();
    page.addEventListener('field:look-at-session', looked);
    await faultOf(403, { code: 'not-allowed', ja: '', en: '' });
    expect(looked).not.toHaveBeenCalled();
    await faultOf(401, { code: 'signed-out', ja: 'サインインしてください', en: 'sign in first' });
    expect(looked).toHaveBeenCalledOnce();
  });
});
