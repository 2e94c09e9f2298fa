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

async function shot(name, { mocked = 'findings=60', size = wide, query = '', act, wait = true, reduced = true } = {}) {
  if (!name.includes(only)) return;
  await mock('fail=&live=1&city=1');
  await mock(mocked);
  const page = await browser.newPage({ viewport: size, reducedMotion: reduced ? 'reduce' : 'no-preference', colorScheme: 'light' });
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
await browser.close();
await server.close();
