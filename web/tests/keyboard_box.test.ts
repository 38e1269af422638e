import { describe, expect, it } from 'vitest';
import { boxStep, type BoxByKeys } from '../src/plot/keyboard_box';

const area = { width: 400, height: 300 };

function drawn(...keys: string[]): ReturnType<typeof boxStep> {
  let box: BoxByKeys | undefined;
  let step: ReturnType<typeof boxStep>;
  for (const key of keys) {
    step = boxStep(box, key.replace('Shift+', ''), key.startsWith('Shift+'), area);
    box = step?.kind === 'drawn' ? step.box : undefined;
  }
  return step;
}

describe('a box by keys', () => {
  it('begins in the middle, and ends in two corners', () => {
    expect(drawn('ArrowLeft', 'Enter', 'Shift+ArrowRight', 'ArrowDown', 'Enter')).toEqual({
      kind: 'selected',
      corners: [[192, 150], [240, 158]],
    });
  });

  it('stays within the plot', () => {
    const keys = Array<string>(20).fill('Shift+ArrowUp');
    expect(drawn(...keys)).toEqual({ kind: 'drawn', box: { at: [200, 0], from: undefined } });
  });

  it('that holds nothing is not selected', () => {
    expect(drawn('ArrowLeft', 'Enter', 'ArrowLeft', 'Enter')).toMatchObject({ kind: 'drawn' });
  });

  it('is ended by Escape, and takes no key before it is begun but the arrows', () => {
    expect(drawn('ArrowLeft', 'Enter', 'Escape')).toEqual({ kind: 'ended' });
    expect(drawn('Escape')).toBeUndefined();
    expect(drawn('Enter')).toBeUndefined();
    expect(drawn('ArrowLeft', 'p')).toBeUndefined();
  });
});
