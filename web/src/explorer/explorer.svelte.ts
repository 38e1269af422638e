// The explorer's one place for what is chosen and what is known. Controls change the view; painters
// repaint once a frame, outside of the components' reactivity.

import type { Catalogue } from '../data/answers';
import { askForModels, askForPoints, labelOf, type Models, type Points } from '../data/models';
import { openSource, type Source } from '../data/source';
import type { Theme } from '../look/palette';
import { ViewHistory } from '../state/history';
import { reactiveView } from '../state/reactive_view.svelte';
import { mostPins, notUnderstood, readView, type ViewState } from '../state/view_state';
import { Choice, type PlottedModel } from './choice';
import { quantity } from './quantities';
import { watchLive, type StoreState } from './live.svelte';

declare global {
  interface Window {
    wattfor: { ready: boolean };
  }
}

export interface DisplacedPin {
  readonly label: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export type Painter = () => void;

export class Explorer {
  readonly view = reactiveView(readView(location.search));
  catalogue = $state.raw<Catalogue>();
  choice = $state.raw<Choice>();
  failure = $state.raw<string>(); // why there are no models
  theme = $state.raw<Theme>('light');
  hovered = $state.raw<PlottedModel>();

  source: Source | undefined;
  private models: Models | undefined;
  private readonly points = new Map<string, Points>(); // by setup
  private readonly painters = new Set<Painter>();
  private isScheduled = false;
  private asked = 0;

  private displaced = $state.raw<DisplacedPin>();
  private unread = $state.raw(notUnderstood(location.search)); // of the address
  private mended = $state.raw<readonly string[]>([]); // axes of which nothing is known

  private readonly history = new ViewHistory((view) => {
    this.unread = notUnderstood(location.search);
    Object.assign(this.view, view);
    this.viewChanged();
  });

  async open(): Promise<void> {
    window.wattfor = { ready: false };
    try {
      const { source, catalogue } = await openSource<Catalogue>();
      this.source = source;
      this.catalogue = catalogue;
      await this.load();
      if (catalogue.live) {
        const isKnown = ({ version, problem }: StoreState): boolean =>
          version === this.catalogue?.version && problem === (this.catalogue.problem ?? null);
        watchLive(source, isKnown, () => void this.reload());
      }
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  // A choice: "back" returns from it.
  choose(patch: Partial<ViewState>): void {
    this.unread = [];
    this.mended = [];
    Object.assign(this.view, patch);
    this.history.choose({ ...this.view });
    this.viewChanged();
  }

  // What was the second setup until now changes places with the first.
  chooseSetup(setup: string): void {
    const otherSetup = setup === this.otherSetup ? this.setup : this.view.otherSetup;
    this.choose({ setup, otherSetup, window: undefined, region: undefined, maxEnergyJ: undefined });
  }

  // One of many steps of a slider or a line that is dragged; settle() ends them.
  drag(patch: Partial<ViewState>): void {
    Object.assign(this.view, patch);
    this.history.drag({ ...this.view }, Object.keys(patch).join(), performance.now());
    this.schedule();
  }

  settle(): void {
    this.history.settle();
  }

  isPinned(row: number): boolean {
    return this.view.pins.includes(labelOf(this.choice!.data.models, row));
  }

  // What is pointed at; the pointer's every move asks, and most change nothing.
  point(model: PlottedModel | undefined): void {
    const before = this.hovered;
    if (model?.row !== before?.row || model?.isBeside !== before?.isBeside) this.hovered = model;
  }

  // A model's point of the first setup.
  hover(row: number | undefined): void {
    this.point(row === undefined ? undefined : { row, isBeside: false });
  }

  // Whether it was measured here.
  isOwn(setup: string | undefined): boolean {
    return this.catalogue?.setups.some(({ id, is_own }) => id === setup && is_own) ?? false;
  }

  // The seventh takes the place of the first, which is told.
  togglePin(row: number): void {
    const label = labelOf(this.choice!.data.models, row);
    const { pins: before, inUse } = this.view;
    const isPinned = before.includes(label);
    const pins = isPinned
      ? before.filter((each) => each !== label)
      : [...before, label].slice(-mostPins);
    const gone = isPinned ? label : before.length === mostPins ? before[0] : undefined;
    this.displaced = isPinned || gone === undefined ? undefined : { label: gone, before, after: pins };
    this.choose({ pins, inUse: inUse === gone ? undefined : inUse });
  }

  // The pin that made room for the last one, for as long as the pins are what they are since.
  get displacedPin(): DisplacedPin | undefined {
    return this.displaced?.after === this.view.pins ? this.displaced : undefined;
  }

  // The setup that is shown: the asked one, where the catalogue has it.
  get setup(): string | undefined {
    return this.known(this.view.setup) ?? this.catalogue?.setups[0]?.id;
  }

  get otherSetup(): string | undefined {
    const other = this.known(this.view.otherSetup);
    return other === this.setup ? undefined : other;
  }

  // What was asked for and is not shown, each a sentence.
  get notes(): string[] {
    const { view, catalogue } = this;
    if (catalogue === undefined || catalogue.setups.length === 0) return [];
    const unknownSetups = [view.setup, view.otherSetup].filter(
      (id) => id !== undefined && this.known(id) === undefined,
    );
    const unknownSets = view.testSets.filter(
      (asked) => !catalogue.test_sets.some(({ name }) => name === asked),
    );
    return [
      ...unknownSetups.map((id) => `The store has no setup "${id}".`),
      ...unknownSets.map((name) => `The store has no test set "${name}".`),
      ...this.unread.map((words) => `"${words}" in the address was not understood.`),
      ...this.mended.map((label) => `Nothing is known of "${label}" on this setup.`),
    ];
  }

  private known(id: string | undefined): string | undefined {
    return this.catalogue?.setups.find((each) => each.id === id)?.id;
  }

  onFrame(painter: Painter): () => void {
    this.painters.add(painter);
    this.schedule();
    return () => this.painters.delete(painter);
  }

  schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      const isOfModels = this.view.page === 'models';
      if (this.choice === undefined && isOfModels) return;
      for (const painter of this.painters) painter();
      const isPainted = this.painters.size > 0 || !isOfModels;
      if (!window.wattfor.ready && isPainted) {
        requestAnimationFrame(() => (window.wattfor.ready = true));
      }
    });
  }

  private viewChanged(): void {
    this.schedule();
    if (this.catalogue !== undefined) void this.load();
  }

  // The store has changed: its catalogue is asked for again, and the columns where they are others.
  private async reload(): Promise<void> {
    try {
      const before = this.catalogue?.version;
      const shown = this.setup;
      this.catalogue = await this.source!.json<Catalogue>('catalogue');
      this.keepSetup(shown);
      if (this.catalogue.version !== before) this.forgetColumns();
      await this.load();
    } catch {
      // The server is gone or busy: what is shown stays, and its next event asks again.
    }
  }

  // One that comes first from now on does not take the place of what is looked at.
  private keepSetup(setup: string | undefined): void {
    if (this.setup === setup || this.known(setup) === undefined) return;
    Object.assign(this.view, { setup });
    this.history.amend({ ...this.view });
  }

  // An axis of which nothing is known would be a dead end.
  private mendAxes(): void {
    const axes = this.choice!.axesToMend(this.view);
    const names = (['x', 'y'] as const).filter((side) => side in axes);
    if (names.length === 0) return;
    this.mended = names.map((side) => quantity(this.view[side]).label);
    Object.assign(this.view, axes);
    this.schedule();
  }

  private forgetColumns(): void {
    this.models = undefined;
    this.points.clear();
  }

  // Asks for the columns of the chosen setups that are not there yet.
  private async load(): Promise<void> {
    const ask = ++this.asked; // an answer to an earlier choice is too late from here on
    const ids = [this.setup, this.otherSetup];
    const [setup, other] = ids;
    if (setup === undefined) {
      this.schedule(); // other pages have something to show
      this.failure = 'The store holds no measured model yet: `wattfor sweep` measures some, `wattfor import study DIR` brings published ones in.';
      return;
    }
    const data = this.choice?.data;
    const isThere =
      data !== undefined &&
      data.models === this.models &&
      data.points === this.points.get(setup) &&
      data.other?.setup === other;
    if (isThere) {
      this.failure = undefined;
      this.mendAxes();
      return;
    }
    try {
      const pointsOf = async (id: string): Promise<Points> =>
        this.points.get(id) ?? askForPoints(this.source!, id);
      const [models, points, others] = await Promise.all([
        this.models ?? askForModels(this.source!),
        pointsOf(setup),
        other === undefined ? undefined : pointsOf(other),
      ]);
      if (ask !== this.asked) return;
      // Columns of two states of the store are not joined.
      const isOneState = [points, others].every(
        (each) => each === undefined || each.version === models.version,
      );
      if (!isOneState) {
        this.forgetColumns();
        setTimeout(() => void this.reload(), 200);
        return;
      }
      this.models = models;
      this.points.set(setup, points);
      if (other !== undefined && others !== undefined) this.points.set(other, others);
      this.hovered = undefined;
      this.failure = undefined;
      this.choice = new Choice({ catalogue: this.catalogue!, models, points, other: others });
      this.mendAxes();
      this.schedule();
    } catch (error) {
      if (ask === this.asked) this.failure = error instanceof Error ? error.message : String(error);
    }
  }
}
