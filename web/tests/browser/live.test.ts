// What changes in the store while one looks, with the program at $WATTFOR_PROGRAM.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devServerBefore, Explorers, ready, shownRows } from './explorer_page';

const program = process.env['WATTFOR_PROGRAM'];

describe.skipIf(program === undefined)('a store that changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wattfor-live-'));
  const db = join(folder, 'store.db');
  let server: ChildProcess;
  let explorers: Explorers;

  beforeAll(async () => {
    server = spawn(program!, ['serve', '--db', db, '--port', '0']);
    const address = await new Promise<string>((resolve) => {
      server.stdout!.once('data', (text) => resolve(String(text).trim()));
    });
    explorers = await Explorers.start(devServerBefore(folder, address));
  });
  afterAll(async () => {
    await explorers?.stop();
    server?.kill();
  });

  function add(model: string, energyJ: number, accuracyPercent: number): void {
    const setup = { id: 'here_cpu', label: 'Here', device: 'cpu', runtime: 'ort', runtime_version: '', precision: 'fp32', threads: 1 };
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
});
