import { describe, expect, it } from 'vitest';
import { ColumnTable, DecodeError } from '../src/data/columns';
import { labelOf, modelsOf, pageOf, pointsOf, rowOfLabel } from '../src/data/models';
import { bytesOf } from '../src/data/source';
import { writeColumns, type WrittenColumn } from './column_writer';
import { madeUpModels } from './made_up';

const names: WrittenColumn = { name: 'model', type: 'text', values: ['a', 'résumé', '', '<b>'] };
const sizes: WrittenColumn = {
  name: 'input_size',
  type: 'u32',
  values: Uint32Array.of(224, 0, 1, 4294967295),
};

describe('columns', () => {
  it('are read as they were written', () => {
    const table = new ColumnTable(
      writeColumns(4, [
        names,
        sizes,
        { name: 'energy_j', type: 'f64', values: Float64Array.of(0.1, NaN, -0, Infinity) },
        { name: 'is_imported', type: 'u8', values: Uint8Array.of(1, 0, 0, 1) },
        {
          name: 'class',
          type: 'word',
          values: Uint16Array.of(0, 65535, 1, 0),
          words: ['CNN', 'MLP'],
        },
      ]),
    );
    const text = table.text('model')!;
    expect([0, 1, 2, 3].map((row) => text.at(row))).toEqual(['a', 'résumé', '', '<b>']);
    expect([...table.u32('input_size')!]).toEqual([224, 0, 1, 4294967295]);
    expect([...table.f64('energy_j')!]).toEqual([0.1, NaN, -0, Infinity]);
    expect([...table.u8('is_imported')!]).toEqual([1, 0, 0, 1]);
    expect(table.words('class')).toEqual({
      words: ['CNN', 'MLP'],
      codes: Uint16Array.of(0, 65535, 1, 0),
    });
    expect(table.f64('unheard_of')).toBeUndefined();
    expect(table.f64('model')).toBeUndefined();
  });

  it('may have no rows', () => {
    const table = new ColumnTable(writeColumns(0, [{ name: 'model', type: 'text', values: [] }]));
    expect(table.text('model')!.length).toBe(0);
  });

  it('are refused where they are something else or cut short', () => {
    const whole = writeColumns(4, [names, sizes]);
    expect(() => new ColumnTable(new ArrayBuffer(0))).toThrow(DecodeError);
    expect(() => new ColumnTable(new TextEncoder().encode('{"error":1}').buffer)).toThrow(
      DecodeError,
    );
    for (let length = 8; length < whole.byteLength - 8; length += 8) {
      expect(() => new ColumnTable(whole.slice(0, length)).text('model')).toThrow();
    }
  });

  it('are refused where a text ends before it begins', () => {
    const answer = writeColumns(4, [names]);
    const start = 8 + new DataView(answer).getUint32(4, true);
    new DataView(answer).setUint32(start + 8, 0, true);
    expect(() => new ColumnTable(answer).text('model')).toThrow(DecodeError);
  });
});

describe('models', () => {
  const madeUp = madeUpModels(50);
  const models = modelsOf(madeUp.models);

  it('have a column for each test set and counter', () => {
    expect([...models.accuracyPercent.keys()]).toEqual(['imagenet-original', 'imagenet-real']);
    expect(models.counts.get('made-up')!.macs!.length).toBe(50);
  });

  it('are found by their labels', () => {
    for (let row = 0; row < models.rows; ++row) {
      expect(rowOfLabel(models, labelOf(models, row))).toBe(row);
    }
    expect(rowOfLabel(models, 'made_up_0000000.in1k@1')).toBeUndefined();
    expect(rowOfLabel(models, 'unheard of')).toBeUndefined();
  });

  it('have a page where their family is known', () => {
    for (let row = 0; row < models.rows; ++row) {
      const page = models.family!.codes[row] === 65535 ? undefined : models.names.at(row);
      expect(pageOf(models, row)).toBe(page && `https://example.org/${page}`);
    }
  });

  it('have no page whose address could run', () => {
    const answer = writeColumns(4, [names], { page: 'javascript:alert("{model}")' });
    expect(modelsOf(answer).page).toBeUndefined();
  });

  it('come to something on a setup', () => {
    const points = pointsOf(madeUp.points.get('made-up_a')!);
    expect(points.setup).toBe('made-up_a');
    expect(points.energyJ.length).toBe(50);
    expect(points.memoryBytes).toBeUndefined();
  });
});

describe('base64', () => {
  it('gives the bytes back', () => {
    expect([...new Uint8Array(bytesOf('V0ZDMQD/'))]).toEqual([87, 70, 67, 49, 0, 255]);
  });
});
