// What narrows the models down, each with what takes it away again.

import type { Range, ViewState } from '../state/view_state';
import type { Choice } from './choice';

export interface Limit {
  readonly title: string;
  readonly without: Partial<ViewState>;
}

const isSet = ({ least, most }: Range): boolean => least !== undefined || most !== undefined;

export function limitsOf(view: ViewState): Limit[] {
  const all: readonly (readonly [boolean, string, Partial<ViewState>])[] = [
    [view.minAccuracy !== undefined, 'the least accuracy', { minAccuracy: undefined }],
    [view.maxEnergyJ !== undefined, 'the greatest energy', { maxEnergyJ: undefined }],
    [view.search !== '', 'the search', { search: '' }],
    [view.classes.length > 0, 'the classes', { classes: [] }],
    [view.families.length > 0, 'the families', { families: [] }],
    [isSet(view.years), 'the years', { years: {} }],
    [isSet(view.parameters), 'the limit of parameters', { parameters: {} }],
    [isSet(view.inputSizes), 'the input sizes', { inputSizes: {} }],
    [view.region !== undefined, 'the selection on the plot', { region: undefined }],
  ];
  return all.flatMap(([isThere, title, without]) => (isThere ? [{ title, without }] : []));
}

export const withoutLimits = (view: ViewState): Partial<ViewState> =>
  Object.assign({}, ...limitsOf(view).map(({ without }) => without)) as Partial<ViewState>;

// How many models would pass without one of the limits, for those of which that is any. The stages of
// `aside` are computed anew for each: it is not the choice that is painted.
export function passingWithout(aside: Choice, view: ViewState): (Limit & { models: number })[] {
  return limitsOf(view)
    .map((limit) => ({ ...limit, models: aside.filtered({ ...view, ...limit.without }).count }))
    .filter(({ models }) => models > 0);
}
