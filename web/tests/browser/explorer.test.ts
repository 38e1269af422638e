import { mkdtempSync, readFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scoreNames } from '../../src/analysis/scores';
import { writeColumns } from '../column_writer';
import { madeUpModels, randomNumbers } from '../made_up';
import { Explorers, goTo, ready, realServer, shownRows } from './explorer_page';

let explorers: Explorers;
beforeAll(async () => {
  explorers = await Explorers.start();
});
afterAll(() => explorers.stop());
afterEach(() => {
  expect(explorers.complaints.splice(0)).toEqual([]);
});

const slide = (page: Page, control: string, value: number): Promise<void> =>
  page.getByTestId(control).evaluate((input, to) => {
    (input as HTMLInputElement).value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);

const query = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

describe('the ranking', () => {
  it('is in order of the score, and follows weight, thresholds and number', async () => {
    const page = await explorers.open();
    const before = await shownRows(page);
    expect(before).toHaveLength(20);
    expect(before.map(({ score }) => score)).toEqual(before.map(({ score }) => score).toSorted((a, b) => b - a));
    await slide(page, 'weight', 0.9);
    await slide(page, 'min-accuracy', 78);
    await page.getByTestId('top-n').fill('7');
    await page.getByTestId('top-n').press('Tab');
    await expect.poll(async () => (await shownRows(page)).length).toBe(7);
    const after = await shownRows(page);
    expect(after).not.toEqual(before.slice(0, 7));
    for (const { accuracy } of after) expect(accuracy).toBeGreaterThanOrEqual(78);
    expect(Object.fromEntries(query(page))).toMatchObject({ weight: '0.9', 'min-accuracy': '78', top: '7' });
    await page.context().close();
  });

  it('has fields that show the limit which a number beyond it becomes', async () => {
    const page = await explorers.open();
    const type = async (field: Locator, text: string): Promise<string> => {
      await field.fill(text);
      await field.press('Tab');
      return field.inputValue();
    };
    expect(await type(page.getByLabel('Least accuracy in percent'), '-5')).toBe('');
    expect(await type(page.getByLabel('Greatest energy in joules an image'), '0')).toBe('');
    expect(await type(page.getByTestId('top-n'), '0.2')).toBe('1');
    expect(await type(page.getByLabel('Least accuracy in percent'), '150')).toBe('100');
    await page.getByTestId('passing-without').getByRole('button').click();
    await expect.poll(async () => (await shownRows(page)).length).toBe(1);
    await page.context().close();
  });

  it.skipIf(realServer === undefined)('is that of the program, for the same words', async () => {
    const page = await explorers.open();
    const catalogue = (await (await fetch(`${explorers.address}api/v1/catalogue`)).json()) as {
      setups: { id: string }[];
      test_sets: { name: string }[];
    };
    const random = randomNumbers(11);
    const some = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let compared = 0;
    for (let i = 0; i < 200; ++i) {
      const words = new URLSearchParams({ setup: some(catalogue.setups).id, score: some(scoreNames) });
      const sets = catalogue.test_sets.filter(() => random() < 0.25);
      for (const { name } of sets) words.append('test-set', name);
      words.append('weight', String(some([0, 0.25, 0.37, 0.5, 0.99, 1])));
      if (random() < 0.5) words.append('min-accuracy', String(Math.round(random() * 90)));
      if (random() < 0.5) words.append('max-energy-j', String(Number((10 ** (random() * 3 - 2)).toPrecision(3))));
      words.append('top', String(random() < 0.05 ? 1435 : 1 + Math.floor(random() * 40)));
      const answer = await fetch(`${explorers.address}api/v1/rank?${words}`);
      const expected = (await answer.json()) as {
        rows?: { model: string; input_size: number; score: number; energy_j: number; accuracy_percent: number }[];
      };
      await goTo(page, words.toString());
      const read = async () => (await shownRows(page)).map(({ model, inputSize }) => `${model}@${inputSize}`);
      const names = (expected.rows ?? []).map(({ model, input_size }) => `${model}@${input_size}`);
      // Columns of another setup come over the network.
      await expect.poll(read, { timeout: 10_000, message: words.toString() }).toEqual(names);
      const rows = await shownRows(page);
      (expected.rows ?? []).forEach((row, k) => {
        expect(Math.abs(rows[k]!.score - row.score)).toBeLessThanOrEqual(1e-12 * Math.abs(row.score));
        expect(rows[k]!.energyJ).toBe(row.energy_j);
      });
      ++compared;
    }
    expect(compared).toBe(200);
    await page.context().close();
  });
});

describe('the address', () => {
  it('holds the view, and back and forward restore it', async () => {
    const page = await explorers.open();
    await page.getByTestId('score').selectOption('log-manhattan');
    await slide(page, 'weight', 0.2);
    await page.getByTestId('pareto-toggle').check();
    const chosen = await shownRows(page);
    expect(query(page).get('weight')).toBe('0.2');

    await page.goBack();
    await expect.poll(() => page.getByTestId('pareto-toggle').isChecked()).toBe(false);
    await page.goBack();
    await expect.poll(() => page.getByTestId('weight').inputValue()).toBe('0.5');
    await page.goBack();
    await expect.poll(() => page.getByTestId('score').inputValue()).toBe('manhattan');
    for (let i = 0; i < 3; ++i) await page.goForward();
    await expect.poll(() => page.getByTestId('pareto-toggle').isChecked()).toBe(true);
    await expect.poll(() => shownRows(page)).toEqual(chosen);

    const sent = await explorers.page();
    await sent.goto(page.url());
    await ready(sent);
    expect(await shownRows(sent)).toEqual(chosen);
    await sent.context().close();
    await page.context().close();
  });
});

describe('the plot', () => {
  it('tells of the model under the pointer, and marks that of a bar', async () => {
    const page = await explorers.open();
    await page.getByTestId('ranking-row').first().hover();
    const mark = page.locator('circle.hovered');
    await mark.waitFor();
    const [best] = await shownRows(page);
    const at = (await mark.boundingBox())!;
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
    await page.getByTestId('hover-card').waitFor();
    // Another one may lie nearer to the middle of the ring.
    expect(await page.getByTestId('hover-card').textContent()).toMatch(/Energy.*Accuracy/s);
    await page.getByTestId('plot').locator('[role=application]').focus();
    await page.mouse.move(5, 5);
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.getByTestId('hover-card').locator('strong').textContent())
      .toBe(best!.model);
    await page.context().close();
  });

  it('has red lines that the pointer and the keys move', async () => {
    const page = await explorers.open();
    const line = page.getByTestId('min-accuracy-line');
    const box = (await page.getByTestId('plot').boundingBox())!;
    const at = (await line.boundingBox())!;
    await page.mouse.move(at.x + 100, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 100, box.y + box.height * 0.4, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => Number(query(page).get('min-accuracy'))).toBeGreaterThan(40);
    const dragged = Number(query(page).get('min-accuracy'));
    await line.press('ArrowUp');
    await expect.poll(() => Number(query(page).get('min-accuracy'))).toBeGreaterThan(dragged);
    await line.press('Delete');
    await expect.poll(() => query(page).has('min-accuracy')).toBe(false);

    await page.getByTestId('max-energy-line').press('PageDown');
    await expect.poll(() => query(page).has('max-energy-j')).toBe(true);
    await page.context().close();
  });

  it('zooms, moves, and shows all again', async () => {
    const page = await explorers.open();
    const box = (await page.getByTestId('plot').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, 100); // scrolls the page
    await page.getByTestId('zoom-hint').waitFor();
    expect(query(page).has('zoom')).toBe(false);
    await page.mouse.wheel(0, -100);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await expect.poll(() => query(page).has('zoom')).toBe(true);
    const zoomed = query(page).get('zoom');
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 20, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => query(page).get('zoom')).not.toBe(zoomed);
    await page.getByTestId('zoom-reset').click();
    await expect.poll(() => query(page).has('zoom')).toBe(false);
    await page.context().close();
  });

  it('selects with a box and a lasso, and the table sorts what is selected', async () => {
    const page = await explorers.open();
    const box = (await page.getByTestId('plot').boundingBox())!;
    const drag = async (...shares: readonly (readonly [number, number])[]): Promise<void> => {
      const [first, ...others] = shares.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
      await page.mouse.move(...first!);
      await page.mouse.down();
      for (const place of others) await page.mouse.move(...place, { steps: 4 });
      await page.mouse.up();
    };
    await page.getByTestId('mode-box').click();
    await drag([0.3, 0.1], [0.7, 0.6]);
    const rows = page.getByTestId('selection-row');
    await rows.first().waitFor();
    const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights)).toEqual(new Set([30]));
    const boxed = await page.getByTestId('selection').locator('h2').textContent();
    const energies = page.getByTestId('selection').getByRole('button', { name: 'Energy' });
    await energies.click();
    expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('Energy');
    expect(query(page).get('sort')).toBe('energy');
    await page.goBack();
    await expect.poll(() => page.locator('th[aria-sort=descending]').textContent()).toContain('Score');
    await page.getByTestId('mode-lasso').click();
    await drag([0.4, 0.15], [0.6, 0.2], [0.6, 0.5], [0.4, 0.4]);
    await expect.poll(() => page.getByTestId('selection').locator('h2').textContent()).not.toBe(boxed);
    await page.getByTestId('selection-clear').click();
    await expect.poll(() => page.getByTestId('selection').count()).toBe(0);
    await page.context().close();
  });

  it('selects with a box that the keys draw, and says each step', async () => {
    const page = await explorers.open();
    await page.getByTestId('mode-box').click();
    await page.locator('#plot').focus();
    const said = page.getByTestId('announced');
    const press = async (keys: string, times: number): Promise<void> => {
      for (let i = 0; i < times; ++i) await page.keyboard.press(keys);
    };
    await press('Shift+ArrowLeft', 3);
    expect(await said.textContent()).toMatch(/J, .*%$/);
    await page.getByTestId('box-corner').waitFor();
    await press('Enter', 1);
    expect(await said.textContent()).toContain('Corner fixed');
    await press('Shift+ArrowRight', 5);
    await press('Shift+ArrowUp', 5);
    await press('ArrowUp', 1);
    const inside = /, ([\d,]+) models inside$/.exec((await said.textContent())!)![1];
    expect(query(page).has('select')).toBe(false);
    await press('Enter', 1);
    await expect.poll(() => said.textContent()).toBe(`${inside} models selected`);
    expect(await page.getByTestId('selection').locator('h2').textContent()).toBe(`${inside} selected`);
    expect(await page.getByTestId('box-corner').count()).toBe(0);

    // Escape ends a box first, and only then the selection.
    await press('ArrowUp', 1);
    await press('Escape', 1);
    expect(query(page).has('select')).toBe(true);
    await press('Escape', 1);
    await expect.poll(() => query(page).has('select')).toBe(false);
    await page.context().close();
  });

  it('is exported as SVG, PNG and CSV', async () => {
    const page = await explorers.open('min-accuracy=70');
    const read = async (button: string): Promise<Buffer> => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(button).click()]);
      return readFileSync(await download.path());
    };
    const svg = (await read('export-svg')).toString();
    expect(svg).toMatch(/^<svg[^>]*>.*<\/svg>\s*$/s);
    expect(svg).not.toContain('NaN');
    expect((await read('export-png')).subarray(1, 4).toString()).toBe('PNG');
    const [head, first] = (await read('export-csv')).toString().split('\n');
    expect(head).toMatch(/^rank,model,input_size,/);
    const [best] = await shownRows(page);
    expect(first).toContain(`1,${best!.model},${best!.inputSize},`);
    await page.context().close();
  });
});

describe('filters and comparison', () => {
  it('search and classes narrow what is ranked', async () => {
    const page = await explorers.open();
    const [, second] = await shownRows(page);
    await page.getByTestId('search').fill(second!.model);
    await expect.poll(async () => (await shownRows(page))[0]?.model).toBe(second!.model);
    await page.getByTestId('clear-filters').click();
    await page.getByTestId('class-CNN').click();
    await expect.poll(() => query(page).get('class')).toBe('CNN');
    await page.context().close();
  });

  it('pins are compared side by side, with what to switch to', async () => {
    const page = await explorers.open();
    await page.getByTestId('compare').click();
    await expect.poll(() => page.getByTestId('compared-model').count()).toBe(3);
    expect(query(page).getAll('pin')).toHaveLength(3);
    await page.getByTestId('switch').waitFor();
    await page.context().close();
  });

  it('the seventh pin displaces the first, which is said and can be undone', async () => {
    const page = await explorers.open();
    const pins = page.getByTestId('ranking-row').locator('.pin');
    for (let i = 0; i < 6; ++i) await pins.nth(i).click();
    const before = query(page).getAll('pin');
    expect(await page.getByTestId('pin-status').innerText()).toBe('');
    await pins.nth(6).click();
    const status = page.getByTestId('pin-status');
    await expect.poll(() => status.innerText()).toContain(before[0]!);
    expect(query(page).getAll('pin')).not.toContain(before[0]);
    await status.getByRole('button').click();
    await expect.poll(() => query(page).getAll('pin')).toEqual(before);
    expect(await status.innerText()).toBe('');
    await page.context().close();
  });

  it('what to switch from is in the address, and back returns to the first that something beats', async () => {
    const page = await explorers.open('top=300');
    const [best, ...others] = await shownRows(page);
    const beaten = others.find(({ energyJ, accuracy }) =>
      others.some((other) => other.energyJ < energyJ && other.accuracy > accuracy),
    );
    const labels = [best!, beaten!].map(({ model, inputSize }) => `${model}@${inputSize}`);
    await goTo(page, labels.map((label) => `pin=${encodeURIComponent(label)}`).join('&'));
    const inUse = page.getByTestId('switch-from');
    const chosen = () => inUse.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]!.textContent);
    await expect.poll(chosen).toBe(labels[1]);
    await inUse.selectOption(labels[0]!);
    expect(query(page).get('in-use')).toBe(labels[0]);
    await page.goBack();
    await expect.poll(chosen).toBe(labels[1]);
    await page.context().close();
  });

  it('two setups are set against each other, with the reduction factor', async () => {
    const page = await explorers.open();
    const [, other] = await page.getByTestId('setup').locator('option').evaluateAll((options) => options.map((each) => (each as HTMLOptionElement).value));
    await page.locator('summary', { hasText: 'second setup' }).click();
    await page.getByTestId('other-setup').selectOption(other!);
    const factor = page.getByTestId('reduction');
    await factor.waitFor();
    expect(Number(await factor.getAttribute('data-mean'))).toBeGreaterThan(0);
    expect(query(page).get('y')).toBe('other-energy');

    // Or beside each other, in one plot; the address says it as well.
    await page.getByTestId('setups-beside').check();
    expect(await page.getByTestId('setup-legend').locator('li').allInnerTexts()).toEqual([
      await page.getByTestId('setup').inputValue(),
      other,
    ]);
    expect(query(page).has('y')).toBe(false);
    await page.getByTestId('setups-against').check();
    await expect.poll(() => page.getByTestId('setup-legend').count()).toBe(0);
    await page.context().close();
  });
});

describe('the training page', () => {
  const conditions = { task: 'action recognition', dataset: 'Kinetics-400', metric: 'accuracy', device: 'gpu', device_count: 2, batch_size: 8 };
  const run = (model: string, train_kwh: number, accuracy_percent: number, sam: number) => ({ task: null, dataset: null, model, pretrain_dataset: null, train_kwh, accuracy_percent, sam });
  const line = (over: 'epochs' | 'data_fraction') => ({ task: null, dataset: null, model: over, over, runs: 3, intercept_kwh: 0.5, slope_kwh: 0.25, slope_error_kwh: 0.01, mean_over: 2, residual_sum_kwh2: 0, t_95: 10, r_squared: 1 });
  const training = {
    sam: [{ ...conditions, runs: [run('I3D', 100, 80, 0.8192), run('CLIP', 1000, 84, 0.697)], left_out: [] }],
    sam_alpha: [1, 5, 10].map((alpha) => ({ ...conditions, alpha, kendall: alpha === 5 ? 1 : -1, best_model: 'I3D' })),
    training_conditions: [{ task: null, dataset: 'Kinetics-400', a: '2 × gpu, batch 8', b: '4 × gpu, batch 8', models: 3, kendall: 0.333, mean_log10_ratio: 0.30103, sd_log10_ratio: 0.1 }],
    training_lines: [line('epochs'), line('data_fraction')],
    training_phases: [],
    pretraining: [],
  };
  const open = async (query: string, width: number): Promise<Page> => {
    const page = await explorers.page({ viewport: { width, height: 800 } });
    await page.route('**/api/v1/training*', (route) => route.fulfill({ json: training }));
    await page.goto(`${explorers.address}?page=training${query}`);
    await page.getByTestId('sam-table').waitFor();
    return page;
  };

  it('tells what α does to the order, and whether the order holds under other conditions', async () => {
    const page = await open('', 1280);
    const cells = (table: string): Promise<string[][]> =>
      page.getByTestId(table).locator('tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent!.trim())));
    expect(await cells('alpha-table')).toEqual([
      ['Place at α =', '1', '5', '10'],
      ['I3D', '1', '1', '2'],
      ['CLIP', '2', '2', '1'],
      ['τ to α = 5', '−1.00', '1.00', '−1.00'],
    ]);
    expect((await cells('conditions-table'))[1]!.slice(3)).toEqual(['3', '0.33', '× 2', '×/÷ 1.26']);
    await page.context().close();
  });

  it('keeps the epochs of a whole run in the address', async () => {
    const page = await open('&epochs=30', 1280);
    const whole = (): Promise<string[]> =>
      page.getByTestId('lines-table').locator('tbody tr').evaluateAll((rows) =>
        rows.map((row) => [...row.children].slice(-2).map((cell) => cell.textContent).join(': ')),
      );
    expect(await whole()).toEqual(['8.00: 5.20 to 10.80', '0.75: 0.65 to 0.85']);
    await page.getByTestId('epochs').fill('10');
    await page.getByTestId('epochs').press('Tab');
    await expect.poll(whole).toEqual(['3.00: 2.20 to 3.80', '0.75: 0.65 to 0.85']);
    expect(query(page).get('epochs')).toBe('10');
    await page.goBack();
    await expect.poll(whole).toEqual(['8.00: 5.20 to 10.80', '0.75: 0.65 to 0.85']);
    await page.context().close();
  });

  it('fits a phone without scrolling sideways', async () => {
    const page = await open('', 390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.context().close();
  });
});

describe('the page', () => {
  async function labelOfBest(): Promise<string> {
    const page = await explorers.open('top=1');
    const [best] = await shownRows(page);
    await page.context().close();
    return `${best!.model}@${best!.inputSize}`;
  }

  it('has no text below 12 px and enough contrast, in both themes', async () => {
    const pin = encodeURIComponent(await labelOfBest());
    const ofServer = realServer === undefined ? [] : ['page=training', 'page=sensors'];
    const views = [`min-accuracy=80&pin=${pin}&select=0.001,10~50,10~50,99~0.001,99`, ...ofServer];
    const looks = views.flatMap((view) => (['light', 'dark'] as const).map((colorScheme) => [view, colorScheme] as const));
    for (const [view, colorScheme] of looks) {
      const page = await explorers.open(view, { colorScheme, reducedMotion: 'reduce' });
      if (view.includes('pin')) {
        await page.getByTestId('switch').waitFor();
        await page.getByTestId('mode-pan').hover(); // which is pressed
      } else {
        await page.locator('table').first().waitFor();
      }
      const found = await page.evaluate(() => {
        const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
        const luminance = (colour: number[]): number =>
          [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
            const c = colour[i]! / 255;
            return sum + share * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          }, 0);
        const paperOf = (element: Element | null): number[] => {
          for (let each = element; each; each = each.parentElement) {
            const colour = channels(getComputedStyle(each).backgroundColor);
            if (colour.length === 3 || (colour[3] ?? 0) > 0.5) return colour;
          }
          return [255, 255, 255];
        };
        const problems: string[] = [];
        for (const element of document.querySelectorAll('body *')) {
          const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '');
          if (!hasText || element.closest(':disabled, .off, option, .unseen, .skip, noscript') || element.getClientRects().length === 0) continue;
          const style = getComputedStyle(element);
          const size = parseFloat(style.fontSize);
          if (size === 0) continue;
          if (size < 12) problems.push(`${size} px: ${element.textContent}`);
          const ink = channels(element instanceof SVGElement ? style.fill : style.color);
          const [a, b] = [luminance(ink), luminance(paperOf(element))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(2)}: ${element.textContent!.trim().slice(0, 40)}`);
        }
        return problems;
      });
      expect(found, `${view}, ${colorScheme}`).toEqual([]);
      await page.context().close();
    }
  });

  it('fits a phone without scrolling sideways', async () => {
    const page = await explorers.open('', { viewport: { width: 390, height: 844 } });
    if (realServer !== undefined) await page.getByTestId('live-power').waitFor(); // it takes room, too
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
    expect((await page.getByTestId('theme').boundingBox())!.width).toBe(32);
    await page.context().close();
  });

  it('has on a phone what was compared before the ranking', async () => {
    const page = await explorers.open('', { viewport: { width: 390, height: 844 } });
    await page.getByTestId('compare').click();
    const compared = (await page.getByTestId('comparison').boundingBox())!;
    const ranking = (await page.getByTestId('ranking').boundingBox())!;
    expect(compared.y + compared.height).toBeLessThanOrEqual(ranking.y);
    await page.context().close();
  });

  it('lists on a phone what was selected with whole names, and two numbers beside them', async () => {
    const page = await explorers.open('select=0.001,10~50,10~50,99~0.001,99', { viewport: { width: 390, height: 844 } });
    const rows = page.getByTestId('selection-row');
    await rows.first().waitFor();
    const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights)).toEqual(new Set([58]));
    for (const place of [1, 2]) {
      const cell = (await rows.first().locator('td').nth(place).boundingBox())!;
      expect(cell.x).toBeLessThan(390 - 40);
    }
    await page.context().close();
  });

  it('tells of a model on a phone in a sheet at the edge of the screen that its point is not under', async () => {
    const page = await explorers.open('', { viewport: { width: 390, height: 480 } });
    const sheet = page.getByTestId('hover-card');
    await page.locator('#plot').focus();
    const edges = new Set<string>();
    for (let i = 0; i < 60 && edges.size < 2; ++i) {
      await page.keyboard.press('ArrowDown');
      const box = (await sheet.boundingBox())!;
      const point = (await page.locator('circle.hovered').boundingBox())!;
      const isLower = box.y + box.height === 480;
      expect([box.x, box.width, isLower || box.y === 0]).toEqual([0, 390, true]);
      if (isLower) expect(point.y + point.height).toBeLessThanOrEqual(box.y);
      else expect(point.y).toBeGreaterThanOrEqual(box.height);
      edges.add(isLower ? 'lower' : 'upper');
    }
    expect(edges).toEqual(new Set(['lower', 'upper']));
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await sheet.waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('runs no markup that names hold', async () => {
    const hostile = ['<img src=x onerror="window.ran=1">', '"><script>window.ran=1</script>'];
    const page = await explorers.page();
    const answer = (bytes: ArrayBuffer) => ({ body: Buffer.from(bytes), contentType: 'application/octet-stream' });
    const number = (name: string, values: number[], tags: object = {}) => ({ name, type: 'f64', values: Float64Array.from(values), ...tags }) as const;
    const { catalogue } = madeUpModels(2);
    await page.route('**/api/v1/catalogue', (route) => route.fulfill({ json: { ...catalogue, setups: [{ id: 'x', label: hostile[0], device: '', runtime: '', precision: '', models: 2, is_own: true }], test_sets: [{ name: hostile[0], models: 2 }], default_test_set: hostile[0] } }));
    await page.route('**/api/v1/models', (route) => route.fulfill(answer(writeColumns(2, [
      { name: 'model', type: 'text', values: hostile },
      { name: 'input_size', type: 'u32', values: Uint32Array.of(224, 224) },
      { name: 'class', type: 'word', values: Uint16Array.of(0, 0), words: hostile },
      { name: 'family', type: 'word', values: Uint16Array.of(0, 0), words: hostile },
      number('accuracy_percent', [70, 80], { test_set: hostile[0] }),
    ], { page: 'https://example.org/{model}' }))));
    await page.route('**/points', (route) => route.fulfill(answer(writeColumns(2, [number('energy_j', [1, 2])], { setup: { id: 'x', label: hostile[1] } }))));
    await page.goto(`${explorers.address}?pin=${encodeURIComponent(`${hostile[0]}@224`)}&select=0.5,60~3,60~3,90~0.5,90`);
    await ready(page);
    await page.getByTestId('ranking-row').first().hover();
    expect((await shownRows(page)).map(({ model }) => model).toSorted()).toEqual(hostile.toSorted());
    expect(await page.evaluate(() => (window as { ran?: number }).ran)).toBeUndefined();
    await page.context().close();
  });

  it('works from a published folder that is opened as a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wattfor-published-'));
    cpSync(fileURLToPath(new URL('../../dist', import.meta.url)), folder, { recursive: true });
    const { catalogue, models, points } = madeUpModels(300);
    const write = (name: string, bytes: Uint8Array): void => {
      const file = join(folder, 'data', `${name}.js`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `wattfor_data(${JSON.stringify(name)}, "${Buffer.from(bytes).toString('base64')}");\n`);
    };
    write('catalogue', Buffer.from(JSON.stringify(catalogue)));
    write('models', new Uint8Array(models));
    for (const [id, columns] of points) write(`setups/${id}/points`, new Uint8Array(columns));
    const page = await explorers.page();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await ready(page);
    expect(await shownRows(page)).toHaveLength(20);
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    await page.getByTestId('setup').selectOption('made-up_b');
    await expect.poll(() => query(page).get('setup')).toBe('made-up_b');
    await page.context().close();
  });
});
