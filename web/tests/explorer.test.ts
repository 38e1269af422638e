import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Catalogue } from '../src/data/answers';
import { Explorer } from '../src/explorer/explorer.svelte';
import { madeUpModels, madeUpSetups } from './made_up';

const [first, second] = madeUpSetups;
const madeUp = madeUpModels(30);

// A server whose answers wait until they are let go, or fail.
class SlowServer {
  catalogue: object = madeUp.catalogue;
  readonly asked: string[] = [];
  readonly held = new Map<string, () => void>();
  readonly refused = new Set<string>();
  holds: string | undefined;

  async answer(address: string): Promise<Response> {
    const name = address.replace('api/v1/', '').replace(/\?.*/, '');
    this.asked.push(name);
    if (name === this.holds) await new Promise<void>((resolve) => this.held.set(name, resolve));
    if (this.refused.has(name)) return new Response('', { status: 503 });
    if (name === 'catalogue') return new Response(JSON.stringify(this.catalogue));
    if (name === 'models') return new Response(madeUp.models);
    return new Response(madeUp.points.get(name.split('/')[1]!)!);
  }
}

class Events {
  static last: Events;
  private readonly listeners = new Map<string, (event: object) => void>();
  constructor() {
    Events.last = this;
  }
  addEventListener(name: string, act: (event: object) => void): void {
    this.listeners.set(name, act);
  }
  tell(name: string, data: object): void {
    this.listeners.get(name)!({ data: JSON.stringify(data) });
  }
}

// As many turns as the steps of an answer may take.
async function settled(): Promise<void> {
  for (let i = 0; i < 10; ++i) await new Promise((resolve) => setTimeout(resolve, 0));
}

async function opened(server: SlowServer, search = ''): Promise<Explorer> {
  const pageLocation = { protocol: 'http:', pathname: '/', search };
  const goTo = (_state: unknown, _title: string, to: string): void => {
    pageLocation.search = to.startsWith('?') ? to : '';
  };
  vi.stubGlobal('location', pageLocation);
  vi.stubGlobal('history', { pushState: goTo, replaceState: goTo });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('window', {});
  vi.stubGlobal('EventSource', Events);
  vi.stubGlobal('fetch', (address: string) => server.answer(address));
  const explorer = new Explorer();
  await explorer.open();
  return explorer;
}

afterEach(() => vi.unstubAllGlobals());

describe('the columns of a setup', () => {
  it('that come after another was chosen again are not shown under its name', async () => {
    const server = new SlowServer();
    const explorer = await opened(server);
    server.holds = `setups/${second}/points`;
    explorer.choose({ setup: second });
    explorer.choose({ setup: first });
    await settled();
    server.held.get(server.holds)!();
    await vi.waitFor(() => expect(server.asked).toContain(server.holds));
    await settled();
    expect(explorer.setup).toBe(first);
    expect(explorer.choice!.data.points.setup).toBe(first);
  });

  it('that can not be had leave no failure behind on the one that is there', async () => {
    const server = new SlowServer();
    const explorer = await opened(server);
    server.refused.add(`setups/${second}/points`);
    explorer.choose({ setup: second });
    await vi.waitFor(() => expect(explorer.failure).toBeDefined());
    explorer.choose({ setup: first });
    expect(explorer.failure).toBeUndefined();
  });
});

describe('a store that vanishes', () => {
  it('is told of on an open page, whose models stay', async () => {
    const server = new SlowServer();
    server.catalogue = { ...madeUp.catalogue, live: true, problem: null };
    const explorer = await opened(server);
    const before = explorer.choice;
    const problem = 'The store has gone.';
    server.catalogue = { ...server.catalogue, problem };
    Events.last.tell('store', { version: 'test', problem });
    await vi.waitFor(() => expect(explorer.catalogue!.problem).toBe(problem));
    await settled();
    expect(explorer.choice).toBe(before);
    const asked = server.asked.length;
    Events.last.tell('store', { version: 'test', problem });
    expect(server.asked.length).toBe(asked);
  });
});

describe('a setup that comes while one looks', () => {
  it('does not take the place of the shown one, whatever its name', async () => {
    const server = new SlowServer();
    const { setups } = madeUp.catalogue as Catalogue;
    const later = setups.filter(({ id }) => id !== first);
    server.catalogue = { ...madeUp.catalogue, live: true, problem: null, setups: later };
    const explorer = await opened(server);
    expect(explorer.setup).toBe(second);
    server.catalogue = { ...madeUp.catalogue, live: true, problem: null, version: 'test' };
    Events.last.tell('store', { version: 'another', problem: null });
    await vi.waitFor(() => expect(explorer.catalogue!.setups).toHaveLength(2));
    await settled();
    expect(explorer.setup).toBe(second);
    expect(explorer.choice!.data.points.setup).toBe(second);
    expect(location.search).toBe(`?setup=${second}`);
  });
});

describe('the second setup', () => {
  it('changes places with the first that is chosen to be it', async () => {
    const explorer = await opened(new SlowServer(), `?setup=${first}&other-setup=${second}&y=other-energy`);
    explorer.chooseSetup(second);
    await vi.waitFor(() => expect(explorer.choice!.data.points.setup).toBe(second));
    expect(explorer.otherSetup).toBe(first);
    expect(explorer.view.y).toBe('other-energy');
  });

  it('leaves no axis behind of which nothing is known', async () => {
    const explorer = await opened(new SlowServer(), '?x=memory&y=other-energy');
    expect([explorer.view.x, explorer.view.y]).toEqual(['energy', 'accuracy']);
    expect(explorer.notes).toHaveLength(2);
    explorer.choose({ weight: 0.2 });
    expect(explorer.notes).toEqual([]);
  });
});

describe('the seventh pin', () => {
  it('takes the place of the first, which is told and can be taken back', async () => {
    const explorer = await opened(new SlowServer());
    for (let row = 0; row < 6; ++row) explorer.togglePin(row);
    expect(explorer.displacedPin).toBeUndefined();
    const [oldest, ...others] = explorer.view.pins;
    explorer.togglePin(6);
    expect(explorer.displacedPin).toMatchObject({ label: oldest, before: [oldest, ...others] });
    explorer.choose({ pins: explorer.displacedPin!.before });
    expect(explorer.view.pins).toEqual([oldest, ...others]);
    expect(explorer.displacedPin).toBeUndefined();
  });

  it('forgets that the model which it displaced was in use', async () => {
    const explorer = await opened(new SlowServer());
    for (let row = 0; row < 6; ++row) explorer.togglePin(row);
    explorer.choose({ inUse: explorer.view.pins[0] });
    explorer.togglePin(6);
    expect(explorer.view.inUse).toBeUndefined();
  });
});

describe('an address', () => {
  it('of what the store does not have is answered with a note', async () => {
    const explorer = await opened(new SlowServer(), '?setup=NOPE&test-set=nonsense&weight=3');
    expect(explorer.notes).toEqual([
      'The store has no setup "NOPE".',
      'The store has no test set "nonsense".',
      '"weight=3" in the address was not understood.',
    ]);
  });
});
