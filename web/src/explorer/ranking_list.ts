// The bars of the best. A model keeps its row for as long as it is among them, and rows that left
// are used for models that came: a step of the weight changes numbers and lengths and moves few rows.

import { unknownWord } from '../data/columns';
import { labelOf, pageOf, type Models } from '../data/models';
import { fixed, si } from '../look/numbers';
import { lookOfClass, markPath, type Theme } from '../look/palette';
import type { ViewState } from '../state/view_state';
import type { Judged, Shown } from './choice';
import { wordsOfName } from './name_words';
import { numberText } from './quantities';

export interface RankingActions {
  hover(row: number | undefined): void;
  pin(row: number): void;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

class Row {
  readonly item = document.createElement('li');
  row: number | undefined;
  private readonly rank = part(this.item, 'rank number');
  private readonly mark = document.createElementNS(svgNamespace, 'path');
  private readonly link = document.createElement('a');
  private readonly size = document.createElement('span');
  private readonly pinButton = document.createElement('button');
  private readonly score: HTMLElement;
  private readonly energy: Bar;
  private readonly accuracy: Bar;
  private models: Models | undefined;
  private judged: Judged | undefined;
  private theme: Theme | undefined;

  constructor(actions: RankingActions) {
    const { item } = this;
    item.className = 'ranking-row';
    item.dataset['testid'] = 'ranking-row';
    const svg = document.createElementNS(svgNamespace, 'svg');
    svg.setAttribute('viewBox', '-8 -8 16 16');
    svg.setAttribute('class', 'mark');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(this.mark);
    this.link.target = '_blank';
    this.link.rel = 'noopener noreferrer';
    this.size.className = 'size';
    item.append(svg, this.link, ' ', this.size);
    this.score = part(item, 'score number');
    this.pinButton.className = 'pin';
    this.pinButton.type = 'button';
    item.append(this.pinButton);
    this.energy = new Bar(item, 'energy');
    this.accuracy = new Bar(item, 'accuracy');

    const enter = (): void => actions.hover(this.row);
    const leave = (): void => actions.hover(undefined);
    item.addEventListener('pointerenter', enter);
    item.addEventListener('pointerleave', leave);
    item.addEventListener('focusin', enter);
    item.addEventListener('focusout', leave);
    this.pinButton.addEventListener('click', () => actions.pin(this.row!));
  }

  show(shown: Shown, place: number, models: Models, theme: Theme, most: number, isPinned: boolean): void {
    const { row, rank } = shown.ranked[place]!;
    const isOther = row !== this.row || models !== this.models;
    if (isOther || theme !== this.theme) this.showModel(row, models, theme);
    const { item } = this;
    const score = shown.scores[row]!;
    const energyJ = shown.judged.energyJ[row]!;
    const accuracy = shown.judged.accuracyPercent[row]!;
    setText(this.rank, String(rank));
    setText(this.score, numberText('score', score));
    item.dataset['score'] = String(score);
    if (shown.judged !== this.judged || isOther) {
      this.judged = shown.judged;
      item.dataset['energyJ'] = String(energyJ);
      item.dataset['accuracy'] = String(accuracy);
      this.energy.tell(si(energyJ, 'J'));
      this.accuracy.tell(`${fixed(accuracy, 1)} %`);
      this.accuracy.show(accuracy / 100);
    }
    this.energy.show(energyJ / most);
    if (item.classList.contains('pinned') !== isPinned || this.pinButton.textContent === '') {
      item.classList.toggle('pinned', isPinned);
      this.pinButton.textContent = isPinned ? '−' : '+';
      this.pinButton.setAttribute('aria-pressed', String(isPinned));
      this.pinButton.title = isPinned ? 'Take out of the comparison' : 'Compare';
    }
  }

  private showModel(row: number, models: Models, theme: Theme): void {
    this.row = row;
    this.models = models;
    this.theme = theme;
    const name = models.names.at(row);
    const size = models.inputSize[row]!;
    this.item.dataset['model'] = name;
    this.item.dataset['inputSize'] = String(size);
    this.link.replaceChildren(...breakable(name));
    const page = pageOf(models, row);
    if (page === undefined) this.link.removeAttribute('href');
    else this.link.href = page;
    this.size.textContent = size === 0 ? '' : `${size} px`;
    this.pinButton.setAttribute('aria-label', `Compare ${labelOf(models, row)}`);
    const code = models.kind?.codes[row] ?? unknownWord;
    const look = lookOfClass(models.kind?.words[code], theme);
    this.mark.setAttribute('d', markPath(look.mark, 6));
    this.mark.setAttribute('fill', look.colour);
  }
}

class Bar {
  private readonly bar: HTMLElement;
  private readonly value: HTMLElement;
  private share = NaN;

  constructor(item: HTMLElement, kind: string) {
    this.bar = part(item, `bar ${kind}`);
    this.value = part(item, `value number ${kind}-value`);
  }

  show(share: number): void {
    const rounded = Math.round(share * 1000) / 1000;
    if (rounded !== this.share) {
      this.share = rounded;
      this.bar.style.backgroundSize = `${rounded * 100}% 100%`;
    }
  }

  tell(text: string): void {
    setText(this.value, text);
  }
}

function breakable(name: string): (string | HTMLElement)[] {
  return wordsOfName(name).flatMap((word, i) =>
    i === 0 ? [word] : [document.createElement('wbr'), word],
  );
}

function part(parent: HTMLElement, className: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  parent.append(element);
  return element;
}

function setText(element: HTMLElement, text: string): void {
  const known = element.firstChild as Text | null;
  if (known === null) element.textContent = text;
  else if (known.data !== text) known.data = text;
}

// More rows than anybody reads: the rest is told as a number, and the CSV has all.
export const mostListed = 2000;

export class RankingList {
  private rows = new Map<number, Row>(); // by the model's row of the table
  private models: Models | undefined;

  constructor(
    private readonly list: HTMLElement,
    private readonly actions: RankingActions,
  ) {}

  show(shown: Shown, view: ViewState, models: Models, theme: Theme): void {
    const { judged } = shown;
    const ranked = shown.ranked.slice(0, mostListed);
    this.list.classList.toggle('long', ranked.length > 100);
    let most = 0;
    for (const { row } of ranked) most = Math.max(most, judged.energyJ[row]!);
    const pins = new Set(view.pins);
    if (models !== this.models) this.clear(models);
    const before = this.rows;
    this.rows = new Map();
    for (const { row } of ranked) {
      const known = before.get(row);
      if (known === undefined) continue;
      this.rows.set(row, known);
      before.delete(row);
    }
    const free = [...before.values()];
    let next: Element | null = this.list.firstElementChild;
    for (let place = 0; place < ranked.length; ++place) {
      const { row } = ranked[place]!;
      let at = this.rows.get(row);
      if (at === undefined) {
        at = free.pop() ?? new Row(this.actions);
        this.rows.set(row, at);
      }
      const isPinned = pins.size > 0 && pins.has(labelOf(models, row));
      at.show(shown, place, models, theme, most, isPinned);
      // One that fell behind is taken out, and put in again where it belongs: moving it, not all
      // that passed it.
      if (next !== at.item && next?.nextElementSibling === at.item) {
        next.remove();
        next = at.item;
      }
      if (next === at.item) next = at.item.nextElementSibling;
      else this.list.insertBefore(at.item, next);
    }
    for (const each of free) each.item.remove();
  }

  // Marks the row of a model that is pointed at on the plot.
  mark(row: number | undefined): void {
    for (const each of this.rows.values()) each.item.classList.toggle('pointed', each.row === row);
  }

  private clear(models: Models): void {
    for (const each of this.rows.values()) each.item.remove();
    this.rows.clear();
    this.models = models;
  }
}
