// Screenshots of every state the screens are judged in: npm run build, then npm run shots [name part]. Needs Chromium.
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const out = process.env.SHOTS ?? 'shots';
const only = process.argv[2] ?? '';
const wide = { width: 1440, height: 900 };
const tablet = { width: 1024, height: 768 };

const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' });
const base = server.resolvedUrls.local[0].replace(/\/$/, '');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
await mkdir(out, { recursive: true });
const mock = (query) => fetch(`${base}/__mock?${query}`);

async function shot(name, { mocked = 'findings=60', size = wide, query = '', act, wait = true, reduced = true, person = '' } = {}) {
  if (!name.includes(only)) return;
  await mock('fail=&live=1&city=1&conflicts=0&session=open&refuse=');
  await mock(mocked);
  const page = await browser.newPage({ viewport: size, reducedMotion: reduced ? 'reduce' : 'no-preference', colorScheme: 'light' });
  if (person) await page.addInitScript((name) => localStorage.setItem('field.person', name), person);
  page.on('console', (m) => m.type() === 'error' && console.log(name, 'console:', m.text()));
  page.on('pageerror', (e) => console.log(name, 'error:', e.message));
  const began = Date.now();
  await page.goto(`${base}/${query}`);
  if (wait) await page.waitForFunction(() => window.__field?.ready === true, null, { timeout: 60_000 });
  const ready = Date.now() - began;
  await act?.(page);
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${out}/${name}.png` });
  console.log(name, `ready after ${ready} ms`);
  await page.close();
}

const first = (page) => page.locator('.rows .row').first().click();
const drawn = (page) => page.locator('.viewer-sheet img').first().waitFor().then(() => page.waitForTimeout(2500));
const chosen = async (page) => {
  await first(page);
  await drawn(page);
};

await shot('wide-ja-light');
await shot('wide-ja-dark', { query: '?theme=dark' });
await shot('wide-en-light', { query: '?lang=en' });
await shot('wide-finding-ja-light', { act: chosen });
await shot('wide-finding-en-dark', { query: '?lang=en&theme=dark', act: chosen });
await shot('wide-finding-unresolved', { act: async (p) => { await p.locator('.row', { hasText: '判定不可' }).first().click(); await drawn(p); await p.locator('.drawer .scroll').evaluate((e) => e.scrollTo(0, 400)); } });
await shot('wide-photo', { act: async (p) => { await p.getByRole('tab', { name: '写真' }).click(); await p.locator('.tab-body[data-state=active] .row', { hasText: '仮定' }).first().click(); await drawn(p); } });
await shot('wide-device', { act: async (p) => { await mock('publish=1'); await p.getByRole('tab', { name: '装置' }).click(); await p.locator('.row', { hasText: 'water-gauge' }).click(); } });
await shot('wide-10000', { mocked: 'findings=10000' });
await shot('wide-10000-en-dark', { mocked: 'findings=10000', query: '?lang=en&theme=dark' });
await shot('wide-1', { mocked: 'findings=1' });
await shot('wide-0', { mocked: 'findings=0' });
await shot('wide-0-en-dark', { mocked: 'findings=0', query: '?lang=en&theme=dark' });
await shot('wide-nocity', { mocked: 'findings=60&city=0' });
await shot('wide-offline', { act: async (p) => { await mock('live=0'); await p.waitForTimeout(800); } });
await shot('wide-offline-real', { act: async (p) => { await p.context().setOffline(true); await mock('live=0'); await p.waitForTimeout(800); } });
await shot('wide-error-list', { mocked: 'fail=features', act: (p) => p.waitForTimeout(1500) });
await shot('wide-error-config', { mocked: 'fail=config', wait: false, act: (p) => p.waitForTimeout(800) });
await shot('wide-error-photo', { act: async (p) => { await mock('fail=photos'); await first(p); await p.waitForTimeout(800); } });
await shot('wide-help', { act: (p) => p.keyboard.press('?') });
await shot('wide-arrival', { reduced: false, act: async (p) => { await mock('publish=3'); await p.waitForTimeout(100); } });
await shot('wide-focus', { act: async (p) => { for (let i = 0; i < 9; i++) await p.keyboard.press('Tab'); } });
for (const [lang, theme] of [['ja', 'light'], ['en', 'dark']]) {
  await shot(`tablet-${lang}-${theme}`, { size: tablet, query: `?lang=${lang}&theme=${theme}` });
  await shot(`tablet-list-${lang}-${theme}`, { size: tablet, query: `?lang=${lang}&theme=${theme}`, act: (p) => p.keyboard.press('p') });
  await shot(`tablet-finding-${lang}-${theme}`, { size: tablet, query: `?lang=${lang}&theme=${theme}`, act: async (p) => { await p.keyboard.press('j'); await drawn(p); } });
}
await shot('tablet-layers', { size: tablet, act: (p) => p.keyboard.press('l') });
await shot('tablet-0', { size: tablet, mocked: 'findings=0' });
const seen = (page) => page.locator('.review .viewer-sheet img').first().waitFor().then(() => page.waitForTimeout(2500));
const press = (...keys) => async (page) => {
  await seen(page);
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(900);
};
const reviewing = { person: '山田 太郎', query: '?review=' };
const en = { person: 'T. Yamada', query: '?review=&lang=en&theme=dark' };
await shot('review-ja-light', { ...reviewing, act: seen });
await shot('review-en-dark', { ...en, act: seen });
await shot('review-person', { query: '?review=' });
await shot('review-after-confirm', { ...reviewing, act: press('5', 'c', 'r', '2') });
await shot('review-reject-ja', { ...reviewing, act: press('r') });
await shot('review-change-ja', { ...reviewing, act: press('t') });
await shot('review-help-ja', { ...reviewing, act: press('?') });
await shot('review-edit-ja', { ...reviewing, act: press('e', 'n', 'ArrowRight') });
await shot('review-edit-pen-dark', { ...en, act: press('e', '2') });
await shot('review-conflict-ja', { ...reviewing, act: async (p) => { await seen(p); await mock('conflicts=1'); await press('4', 'c')(p); } });
await shot('review-offline-ja', { ...reviewing, act: async (p) => { await seen(p); await mock('fail=decisions'); await press('4', 'c', '4', 'c', '4', 'c')(p); } });
await shot('review-lost-line', { ...reviewing, act: async (p) => { await seen(p); await mock('live=0'); await p.waitForTimeout(800); } });
await shot('review-decided-ja', { ...reviewing, act: async (p) => { await press('5', 'c', 'j')(p); await p.locator('.queue-filters .chip').nth(1).click(); await p.locator('.review-queue .row').first().click(); await p.waitForTimeout(1500); await p.locator('.review-side .scroll').evaluate((e) => e.scrollTo(0, 900)); } });
await shot('review-0', { ...reviewing, mocked: 'findings=0' });
await shot('review-1', { ...reviewing, mocked: 'findings=1', act: seen });
await shot('review-1-done', { ...reviewing, mocked: 'findings=1', act: press('5', 'c') });
await shot('review-10000', { ...reviewing, mocked: 'findings=10000', act: seen });
await shot('review-error-list', { ...reviewing, mocked: 'fail=features', act: (p) => p.waitForTimeout(1500) });
await shot('review-error-photo', { ...reviewing, mocked: 'fail=photos', act: (p) => p.waitForTimeout(1500) });
for (const [name, state] of [['ja-light', reviewing], ['en-dark', en]]) {
  await shot(`tablet-review-${name}`, { ...state, size: tablet, act: seen });
  await shot(`tablet-review-list-${name}`, { ...state, size: tablet, act: press('p') });
  await shot(`tablet-review-edit-${name}`, { ...state, size: tablet, act: press('e', '2') });
}
await shot('tablet-review-reject', { ...reviewing, size: tablet, act: press('r') });
const asset = { query: '?select=bridge:B-001' };
await shot('wide-asset-ja', { ...asset, act: (p) => p.waitForTimeout(1500) });
await shot('wide-asset-en-dark', { query: '?select=bridge:B-001&lang=en&theme=dark', act: (p) => p.waitForTimeout(1500) });
await shot('tablet-levee', { query: '?select=levee:L-left', size: tablet, act: (p) => p.waitForTimeout(1500) });
await shot('wide-decided-map', { ...reviewing, act: async (p) => { await press('5', 'c', '4', 'c', 'r', '1', 'Escape')(p); await p.waitForTimeout(3000); } });
const fill = (name, password) => async (p) => {
  await p.getByLabel(/アカウント名|Account name/).fill(name);
  await p.locator('input[type=password]').fill(password);
  await p.keyboard.press('Enter');
  await p.waitForTimeout(600);
};
for (const [size, at] of [['wide', wide], ['tablet', tablet]]) {
  for (const [look, query] of [['ja-light', '?lang=ja&theme=light'], ['ja-dark', '?lang=ja&theme=dark'], ['en-dark', '?lang=en&theme=dark']]) {
    const door = { wait: false, size: at, query };
    await shot(`access-${size}-${look}-page`, { ...door, mocked: 'session=needed' });
    await shot(`access-${size}-${look}-wrong`, { ...door, mocked: 'session=needed&refuse=wrong', act: fill('yamada', 'a wrong password') });
    await shot(`access-${size}-${look}-wait`, { ...door, mocked: 'session=needed&refuse=wait', act: fill('yamada', 'a wrong password') });
    await shot(`access-${size}-${look}-code`, { ...door, mocked: 'session=needed&refuse=code-needed', act: fill('yamada', 'the right password') });
    await shot(`access-${size}-${look}-first`, { ...door, mocked: 'session=first' });
    await shot(`access-${size}-${look}-app`, { ...door, mocked: 'session=totp', act: (p) => p.waitForTimeout(500) });
    await shot(`access-${size}-${look}-hq`, { size: at, query, mocked: 'session=hq' });
    await shot(`access-${size}-${look}-account`, { size: at, query, mocked: 'session=hq', act: (p) => p.locator('.topbar .person').click() });
    await shot(`access-${size}-${look}-tax`, { size: at, query: `${query}&select=bridge:B-001`, mocked: 'session=tax' });
    await shot(`access-${size}-${look}-open`, { size: at, query });
  }
  await shot(`access-${size}-recovery`, { size: at, wait: false, mocked: 'session=totp', act: async (p) => { await p.locator('.digits').fill('123456'); await p.keyboard.press('Enter'); await p.waitForTimeout(500); } });
}
await browser.close();
await server.close();
