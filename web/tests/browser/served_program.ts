// Where $WATTFOR_PROGRAM names the program, its server answers the flows: with the published study where
// its data lie beside the project, else with made-up models that it imported.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelsOf, pointsOf } from '../../src/data/models';
import { madeUpModels } from '../made_up';

const study = fileURLToPath(new URL('../../../../shared/data/inference-energy', import.meta.url));

// What `wattfor import` takes.
function madeUpRecords(): object {
  const made = madeUpModels(1435);
  const models = modelsOf(made.models);
  const figures: object[] = [];
  const accuracies: object[] = [];
  const key = (row: number) => ({ model: models.names.at(row), input_size: models.inputSize[row] });
  for (const [id, columns] of made.points) {
    const points = pointsOf(columns);
    const setup = { id, label: id, device: 'made up', runtime: id, runtime_version: '', precision: 'fp32', threads: 0 };
    points.energyJ.forEach((energy, row) => {
      if (Number.isNaN(energy)) return;
      const energy_per_image = {
        energy_j: energy,
        energy_low_j: points.energyLowJ![row],
        energy_high_j: points.energyHighJ![row],
        comparison_low_j: points.comparisonLowJ![row],
        comparison_high_j: points.comparisonHighJ![row],
      };
      const throughput_per_s = points.throughputPerS![row];
      const latency_ms = points.latencyMs![row];
      figures.push({ ...key(row), setup, basis: 'measured', batch_size: 64, energy_per_image, throughput_per_s, latency_ms });
    });
  }
  for (const [test_set, percents] of models.accuracyPercent) {
    percents.forEach((top1_percent, row) => {
      if (Number.isNaN(top1_percent)) return;
      accuracies.push({ ...key(row), test_set, top1_percent, top5_percent: null });
    });
  }
  return { format: 'wattfor', version: 1, measurements: [], accuracies, figures };
}

// Of a few of the models, so that they have a SAM.
function trainingRuns(program: string, db: string): string {
  const { rows } = JSON.parse(execFileSync(program, ['rank', '--db', db, '--setup', firstSetup(program, db), '--top', '40', '--json']).toString()) as { rows: { model: string }[] };
  const lines = rows.map(({ model }, i) => `made up,images,${model},gpu,1,64,100,1,${20 + 7 * i}`);
  return ['task,dataset,model,device,device_count,batch_size,epochs,data_fraction,train_kwh', ...lines].join('\n');
}

function firstSetup(program: string, db: string): string {
  const { figures } = JSON.parse(
    execFileSync(program, ['export', '--db', db], { maxBuffer: 1 << 28 }).toString(),
  ) as { figures: { setup: { id: string } }[] };
  return figures[0]!.setup.id;
}

export default async function setup(): Promise<(() => void) | undefined> {
  const program = process.env['WATTFOR_PROGRAM'];
  if (program === undefined || process.env['WATTFOR_EXPLORER'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'wattfor-explorer-'));
  const db = join(folder, 'store.db');
  if (existsSync(study)) {
    execFileSync(program, ['import', 'study', study, '--db', db]);
  } else {
    console.log(`${study} is not there: the flows are tried with made-up models`);
    const records = join(folder, 'records.json');
    writeFileSync(records, JSON.stringify(madeUpRecords()));
    execFileSync(program, ['import', records, '--db', db]);
  }
  const runs = join(folder, 'runs.csv');
  writeFileSync(runs, trainingRuns(program, db));
  execFileSync(program, ['import', 'training', runs, '--db', db]);
  const server: ChildProcess = spawn(program, ['serve', '--db', db, '--port', '0']);
  process.env['WATTFOR_EXPLORER'] = await new Promise<string>((resolve, reject) => {
    server.stdout!.once('data', (text) => resolve(String(text).trim()));
    server.once('exit', (status) => reject(new Error(`the server ended with status ${status}`)));
  });
  return () => {
    server.kill();
    rmSync(folder, { recursive: true });
  };
}
