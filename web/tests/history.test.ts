import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ViewHistory } from '../src/state/history';
import { usualView, type ViewState } from '../src/state/view_state';

// A browser's entries, as far as the address goes.
let entries: string[];
let place: number;
let popped: () => void;
let left: () => void; // the page
let restored: ViewState[];
let views: ViewHistory;

function goBack(): void {
  --place;
  popped();
}

beforeEach(() => {
  [entries, place, restored] = [[''], 0, []];
  vi.stubGlobal('location', {
    pathname: '/',
    get search() {
      return entries[place]!;
    },
  });
  const queryOf = (address: string): string => (address === '/' ? '' : address);
  vi.stubGlobal('history', {
    pushState: (_state: unknown, _title: string, to: string) => {
      entries = [...entries.slice(0, place + 1), queryOf(to)];
      ++place;
    },
    replaceState: (_state: unknown, _title: string, to: string) => (entries[place] = queryOf(to)),
  });
  vi.stubGlobal('addEventListener', (name: string, act: () => void) => {
    if (name === 'popstate') popped = act;
    else left = act;
  });
  vi.useFakeTimers();
  views = new ViewHistory((view) => restored.push(view));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const weighing = (weight: number): ViewState => ({ ...usualView, weight });
const searching = (search: string): ViewState => ({ ...usualView, search });

describe('the address', () => {
  it('has the last step when the page is left before it was written', () => {
    views.drag(weighing(0.6), 'weight', 0);
    views.drag(weighing(0.7), 'weight', 100);
    expect(entries).toEqual(['', '?weight=0.6']);
    left();
    expect(entries).toEqual(['', '?weight=0.7']);
  });
});

describe('the entries of "back"', () => {
  it('are one for all steps of a drag, however long it takes', () => {
    for (let i = 1; i <= 5; ++i) views.drag(weighing(i / 10), 'weight', i * 10_000);
    views.settle();
    expect(entries).toEqual(['', '']); // 0.5 is as usual
    views.drag(weighing(0.7), 'weight', 90_000);
    views.settle();
    expect(entries).toEqual(['', '', '?weight=0.7']);
  });

  it('are one for steps of keys and wheels that follow each other soon', () => {
    for (const atMs of [0, 400, 900]) {
      views.drag(weighing(0.6 + atMs / 10_000), 'weight', atMs);
      views.settle();
    }
    expect(entries).toEqual(['', '?weight=0.69']);
    views.drag(weighing(0.8), 'weight', 1401);
    views.settle();
    expect(entries).toEqual(['', '?weight=0.69', '?weight=0.8']);
  });

  it('are two for steps of two things', () => {
    views.drag(weighing(0.6), 'weight', 0);
    views.settle();
    views.drag({ ...weighing(0.6), minAccuracy: 70 }, 'minAccuracy', 10);
    views.settle();
    expect(entries).toHaveLength(3);
  });

  it('keep the last step where a choice follows at once', () => {
    views.drag(weighing(0.6), 'weight', 0);
    views.drag(weighing(0.9), 'weight', 10);
    views.choose({ ...weighing(0.9), top: 5 });
    expect(entries).toEqual(['', '?weight=0.9', '?weight=0.9&top=5']);
  });

  it('that one goes back to stay what they are while a search is being typed', () => {
    views.choose({ ...usualView, top: 5 });
    views.drag(searching('r'), 'search', 0);
    views.drag(searching('re'), 'search', 100);
    goBack();
    expect(restored.at(-1)).toMatchObject({ search: '', top: 5 });
    vi.advanceTimersByTime(1000);
    views.drag(searching('res'), 'search', 200);
    views.settle();
    expect(entries).toEqual(['', '?top=5', '?search=res']);
  });
});
