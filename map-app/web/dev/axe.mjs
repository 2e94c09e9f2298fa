// Asks axe-core about every kind of screen: npm run build, then npm run axe. Fails on serious findings.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
const base = server.resolvedUrls.local[0].replace(/\/$/, '');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
let bad = 0;

async function check(name, width, query, act) {
  const page = await browser.newPage({ viewport: { width, height: 850 }, reducedMotion: 'reduce' });
  await page.goto(base + query);
  await page.waitForFunction(() => window.__field?.ready === true, null, { timeout: 60_000 });
  await act?.(page);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const v of violations) {
    if (['serious', 'critical'].includes(v.impact)) bad++;
    console.log(`${name}: ${v.impact} ${v.id}: ${v.help}\n   ${v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' — ' + n.failureSummary.split('\n')[1]).join('\n   ')}`);
  }
  console.log(`${name}: ${violations.length} findings`);
  await page.close();
}

const finding = async (p) => {
  await p.keyboard.press('j');
  await p.locator('.viewer-sheet img').first().waitFor();
};
await fetch(`${base}/__mock?findings=60&fail=&live=1&city=1`);
for (const theme of ['light', 'dark']) {
  await check(`${theme} start`, 1440, `/?theme=${theme}`);
  await check(`${theme} finding`, 1440, `/?theme=${theme}`, finding);
  await check(`${theme} photos`, 1440, `/?theme=${theme}`, (p) => p.getByRole('tab').nth(1).click());
  await check(`${theme} tablet layers`, 1024, `/?theme=${theme}&lang=en`, (p) => p.keyboard.press('l'));
  await check(`${theme} help`, 1024, `/?theme=${theme}`, (p) => p.keyboard.press('?'));
}
await fetch(`${base}/__mock?findings=0`);
await check('empty', 1440, '/');
await browser.close();
await server.close();
process.exitCode = bad ? 1 : 0;
