// Measures the explorer in headless Chromium, beside a page that does the same with Plotly:
// node web/bench/bench.mjs [--small] [SERVER]. Without the address of a running `wattfor serve` the models are
// made up. The figures are medians; a step's is all that the page's main thread did for it (the
// processor time of its tasks in a browser trace: script, style, layout, paint), from the event to
// 30 ms after the next frame. A step of the weight is 0.01.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { median, traced, workOfSteps } from './main_thread.mjs';

const steps = 25;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const words = process.argv.slice(2);
const isSmall = words.includes('--small'); // 1,435 models only
const asked = words.find((word) => word.startsWith('http'));
const results = {};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function madeUpServer(rows) {
  const child = spawn(process.execPath, [here('../tests/dev_server.mjs'), '0', String(rows)]);
  const address = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()));
    child.stderr.once('data', (text) => reject(new Error(String(text))));
  });
  return { address, stop: () => child.kill() };
}

async function plotlyServer(modelsJson) {
  const files = {
    '/': ['plotly_page.html', 'text/html'],
    '/plotly_page.js': ['plotly_page.js', 'text/javascript'],
    '/plotly.min.js': ['node_modules/plotly.js-dist-min/plotly.min.js', 'text/javascript'],
  };
  const server = createServer(async (request, response) => {
    const file = files[request.url];
    if (request.url === '/models.json') response.end(modelsJson);
    else if (file) response.setHeader('Content-Type', file[1]).end(await readFile(here(file[0])));
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

async function open(address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() => window.wattfor?.ready, undefined, { timeout: 120_000 });
  const paint = await page.evaluate(() => performance.now());
  return { page, paint, close: () => context.close() };
}

// Each step sets the slider and waits until the frame after it is on the screen.
async function weightSteps(page, count = steps, settle = 60) {
  const { events } = await traced(page, () =>
    page.evaluate(
      async ({ count, settle }) => {
        const slider = document.querySelector('[data-testid=weight]');
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        for (let i = 0; i < count + 5; ++i) {
          await new Promise((resolve) => setTimeout(resolve, settle));
          slider.value = String(0.3 + i / 100);
          if (i >= 5) performance.mark(`step-${i - 5}`);
          slider.dispatchEvent(new Event('input', { bubbles: true }));
          await frame();
          await new Promise((resolve) => setTimeout(resolve, 30));
          if (i >= 5) performance.mark(`step-${i - 5}-end`);
        }
      },
      { count, settle },
    ),
  );
  return workOfSteps(events, 'step', count);
}

async function filterSteps(page, count = steps) {
  const { events } = await traced(page, () =>
    page.evaluate(async (count) => {
      const slider = document.querySelector('[data-testid=min-accuracy]');
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let i = 0; i < count; ++i) {
        slider.value = String(60 + (i % 20));
        performance.mark(`filter-${i}`);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await frame();
        await new Promise((resolve) => setTimeout(resolve, 30));
        performance.mark(`filter-${i}-end`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }, count),
  );
  return workOfSteps(events, 'filter', count);
}

// Frames a second while the plot is dragged about.
async function panFrames(page) {
  const box = await page.getByTestId('plot').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(() => {
    window.frames_seen = 0;
    const count = () => {
      ++window.frames_seen;
      window.frame_request = requestAnimationFrame(count);
    };
    count();
  });
  const start = Date.now();
  for (let i = 0; Date.now() - start < 3000; ++i) await page.mouse.move(x + 80 * Math.sin(i / 8), y + 40 * Math.cos(i / 8));
  const seconds = (Date.now() - start) / 1000;
  const frames = await page.evaluate(() => (cancelAnimationFrame(window.frame_request), window.frames_seen));
  await page.mouse.up();
  return frames / seconds;
}

const report = (name, value, unit) => {
  results[name] = Math.round(value * 100) / 100;
  console.log(`${name}: ${results[name]} ${unit}`);
};

const assets = readdirSync(here('../dist/assets')).map((name) => here(`../dist/assets/${name}`));
const script = assets.filter((name) => name.endsWith('.js'));
report('script_kb', script.reduce((sum, name) => sum + gzipSync(readFileSync(name), { level: 9 }).length, 0) / 1000, 'kB, compressed');

const small = asked ? { address: asked, stop: () => {} } : await madeUpServer(1435);
{
  const firsts = [];
  for (let i = 0; i < 5; ++i) {
    const { paint, close } = await open(small.address);
    firsts.push(paint);
    await close();
  }
  report('first_paint_ms', median(firsts), 'ms from the navigation to the first frame with data');
  const { page, close } = await open(small.address);
  report('weight_step_ms', median(await weightSteps(page)), 'ms of main-thread work, 1,435 models');
  await close();
}
small.stop();

{
  // The same models as the made-up ones.
  const source = await madeUpServer(1435);
  const { page, close } = await open(source.address);
  await page.getByTestId('top-n').fill('1000');
  await page.getByTestId('top-n').blur();
  await page.waitForTimeout(500);
  const models = await page.$$eval('[data-testid=ranking-row]', (rows) => ({
    accuracy: rows.map((row) => Number(row.dataset.accuracy)),
    energy: rows.map((row) => Number(row.dataset.energyJ)),
    names: rows.map((row) => `${row.dataset.model}@${row.dataset.inputSize}`),
    classes: rows.map((row) => row.querySelector('path').getAttribute('fill')),
  }));
  await close();
  source.stop();
  // A thousand of them are shown; the rest stand for them once more.
  for (const column of Object.values(models)) column.push(...column.slice(0, 435));
  const plotly = await plotlyServer(JSON.stringify(models));
  const opened = await open(plotly.address);
  report('plotly_weight_step_ms', median(await weightSteps(opened.page, steps, 150)), 'ms of main-thread work, 1,435 models');
  report('plotly_first_paint_ms', opened.paint, 'ms');
  await opened.close();
  plotly.stop();
  report('times_less', results.plotly_weight_step_ms / results.weight_step_ms, 'times less than with Plotly');
}

for (const [rows, name] of isSmall ? [] : [[100_000, '100k'], [1_000_000, '1m']]) {
  const server = await madeUpServer(rows);
  const { page, paint, close } = await open(server.address);
  report(`first_paint_${name}_ms`, paint, 'ms');
  report(`weight_step_${name}_ms`, median(await weightSteps(page)), 'ms of main-thread work');
  report(`filter_${name}_ms`, median(await filterSteps(page)), 'ms of main-thread work');
  report(`pan_${name}_fps`, await panFrames(page), `frames a second (${await renderer(page)})`);
  await close();
  server.stop();
}

function renderer(page) {
  return page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    return gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL);
  });
}

console.log(JSON.stringify(results));
await browser.close();
