// What changes while one looks: the store's state, measurements that are under way, power now.

import type { Source } from '../data/source';

export interface RunningRun {
  readonly id: string;
  readonly verb: string;
  readonly setup: string | null;
  readonly model: string | null;
  readonly input_size: number | null;
  readonly batch_size: number | null;
  readonly started_at: string; // RFC 3339
  readonly energy_j: number | null;
}

export interface PowerNow {
  readonly time: string;
  readonly scope: string;
  readonly power_w: number | null;
  readonly energy_j: number | null;
  readonly components: readonly {
    readonly name: string;
    readonly power_w: number | null;
    readonly energy_j: number | null;
    readonly basis: string;
  }[];
}

const remembered = 120; // readings: two minutes

export interface StoreState {
  readonly version: string;
  readonly problem: string | null; // why it can't be read any more
}

class Live {
  isOn = $state.raw(false);
  runs = $state.raw<readonly RunningRun[]>([]);
  power = $state.raw<PowerNow>();
  course = $state.raw<readonly number[]>([]); // watts, the last at the end
  clockLeadMs = $state.raw(0); // of this page's clock before the server's
}

export const live = new Live();

// `isKnown` says whether a state of the store is the one that is told on the page.
export function watchLive(
  source: Source,
  isKnown: (state: StoreState) => boolean,
  storeChanged: () => void,
): EventSource {
  const events = new EventSource(source.address('events'));
  const on = <T>(name: string, act: (data: T) => void): void => {
    events.addEventListener(name, (event: MessageEvent<string>) => {
      act(JSON.parse(event.data) as T);
    });
  };
  events.onopen = () => (live.isOn = true);
  events.onerror = () => (live.isOn = false); // the browser connects again by itself
  on<StoreState>('store', (state) => {
    if (!isKnown(state)) storeChanged();
  });
  on<{ runs: readonly RunningRun[] }>('running', ({ runs }) => (live.runs = runs));
  on<PowerNow>('power', (power) => {
    live.power = power;
    live.clockLeadMs = Date.now() - Date.parse(power.time);
    live.course = [...live.course, power.power_w ?? NaN].slice(-remembered);
  });
  return events;
}
