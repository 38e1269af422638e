// What changes in the store while one looks, with the program at $WATTFOR_PROGRAM.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devServerBefore, Explorers, ready, shownRows } from './explorer_page';

const program = process.env['WATTFOR_PROGRAM'];
const repository = fileURLToPath(new URL('../../../', import.meta.url));

describe.skipIf(program === undefined)('a store that changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wattfor-live-'));
  let db: string;
  let server: ChildProcess;
  let explorers: Explorers;

  beforeEach(async () => {
    db = join(mkdtempSync(join(folder, 'store-')), 'store.db');
    server = spawn(program!, ['serve', '--db', db, '--port', '0']);
    const address = await new Promise<string>((resolve) => {
      server.stdout!.once('data', (text) => resolve(String(text).trim()));
    });
    explorers = await Explorers.start(devServerBefore(folder, address));
  });
  afterEach(async () => {
    await explorers?.stop();
    server?.kill();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function add(model: string, energyJ: number, accuracyPercent: number): void {
    const setup = { id: 'published_cpu', label: 'Published', device: 'cpu', runtime: 'ort', runtime_version: '', precision: 'fp32', threads: 1 };
    const energy = { energy_j: energyJ, energy_low_j: null, energy_high_j: null, comparison_low_j: null, comparison_high_j: null };
    const file = join(folder, `${model}.json`);
    const records = {
      format: 'wattfor',
      version: 1,
      measurements: [],
      accuracies: [{ model, input_size: 8, test_set: 'digits', top1_percent: accuracyPercent, top5_percent: null }],
      figures: [{ model, input_size: 8, setup, basis: 'measured', batch_size: 1, energy_per_image: energy, throughput_per_s: null, latency_ms: null }],
    };
    writeFileSync(file, JSON.stringify(records));
    execFileSync(program!, ['import', file, '--db', db]);
  }

  it('shows its first models, those that come, and that it has gone, without a reload', async () => {
    const page = await explorers.page();
    await page.goto(explorers.address);
    await page.getByTestId('failure').waitFor();
    const names = async (): Promise<string[]> => (await shownRows(page)).map(({ model }) => model);
    add('first', 1, 80);
    await ready(page);
    await expect.poll(names, { timeout: 20_000 }).toEqual(['first']);
    expect(await page.getByTestId('failure').count()).toBe(0);
    add('better', 0.5, 90);
    await expect.poll(names, { timeout: 20_000 }).toEqual(['better', 'first']);
    await page.getByTestId('live-power').waitFor({ timeout: 20_000 });
    expect(explorers.complaints).toEqual([]);

    rmSync(db);
    await page.getByText('What is shown is what the store held last.').waitFor({ timeout: 20_000 });
    expect(await names()).toEqual(['better', 'first']);
    await page.context().close();
  });

  const runtime = join(repository, '.venv');
  it.skipIf(!existsSync(runtime))('shows a sweep while it goes on, and its models beside the published ones', async () => {
    const models = ['digits_mlp_xs', 'digits_lenet_xs', 'digits_vit_xs'];
    models.forEach((model, i) => add(model, 1e-5 * (i + 1), 90 + i));
    const page = await explorers.open();
    const sweepOf = (...words: string[]): string[] => [
      'sweep',
      ...models.map((model) => join(repository, 'models/digits', `${model}.onnx`)),
      ...['--db', db, '--batch-sizes', '1', '--idle-seconds', '0', ...words],
    ];

    // The study's protocol takes its time: it is stopped as soon as its first cell has shown.
    const endless = spawn(program!, sweepOf('--protocol', 'study'), { stdio: 'ignore' });
    const running = page.getByTestId('running');
    await running.getByText(/sweep, for \d+ s: digits_\w+, batch 1, on \S+/).waitFor({ timeout: 60_000 });
    await page.getByTestId('live-power').waitFor();
    const ended = new Promise((resolve) => endless.once('exit', resolve));
    endless.kill('SIGINT');
    await ended;
    await running.waitFor({ state: 'detached', timeout: 20_000 });

    execFileSync(program!, sweepOf('--max-seconds', '0.05', '--replicates', '2'), { stdio: 'ignore' });
    const own = page.getByTestId('other-setup').locator('optgroup[label="Measured here"] option');
    await own.waitFor({ state: 'attached', timeout: 20_000 });
    await expect.poll(() => own.textContent(), { timeout: 20_000 }).toMatch(/\(3\)$/);
    await page.locator('summary', { hasText: 'second setup' }).click();
    const setup = (await own.getAttribute('value'))!;
    await page.getByTestId('other-setup').selectOption(setup);

    // What was measured here stands among what was published, in one plot.
    await page.getByTestId('setup-legend').waitFor();
    expect(await page.getByTestId('setup-legend').innerText()).toBe(`published_cpu\n${setup}, own`);
    expect(await page.getByTestId('setups-beside').isChecked()).toBe(true);
    await page.locator('#plot').focus();
    const card = page.getByTestId('hover-card');
    const seen = new Set<string>();
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowUp']) {
      await page.keyboard.press(key);
      seen.add((await card.innerText()).includes(`on ${setup}`) ? 'own' : 'published');
    }
    expect(seen).toEqual(new Set(['own', 'published']));
    expect(explorers.complaints).toEqual([]);
    await page.context().close();
  });
});
