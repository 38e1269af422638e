// Finds models by parts of their names, as one types, among a million.

import type { TextColumn } from '../data/columns';
import { memo } from './memo';

// One letter a byte, in lower case: places in it are places in the column. Letters beyond ASCII are
// their UTF-8 bytes, in the names and in what is searched for alike.
const lettersOf = (bytes: Uint8Array): string =>
  new TextDecoder('latin1').decode(bytes).toLowerCase();

const lettersOfNames = memo((names: TextColumn) => lettersOf(names.bytes));

// 1 for each row whose name has all the words, in any order; undefined where nothing is asked for.
export function rowsNamed(names: TextColumn, asked: string): Uint8Array | undefined {
  const words = asked.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  const letters = lettersOfNames(names);
  const found = words.map((word) => rowsWith(letters, names.ends, lettersOf(new TextEncoder().encode(word))));
  const all = found[0]!;
  for (const more of found.slice(1)) {
    for (let row = 0; row < all.length; ++row) all[row]! &= more[row]!;
  }
  return all;
}

function rowsWith(letters: string, ends: Uint32Array, word: string): Uint8Array {
  const found = new Uint8Array(ends.length - 1);
  let row = 0;
  for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at)) {
    row = rowAt(ends, at, row);
    if (at + word.length <= ends[row + 1]!) {
      found[row] = 1;
      at = ends[row + 1]!;
    } else {
      ++at; // from one name into the next
    }
  }
  return found;
}

// The row that has a place, by doubling steps from one before it.
function rowAt(ends: Uint32Array, place: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < ends.length - 1 && ends[low + step]! <= place) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, ends.length - 1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= place) low = middle;
    else high = middle;
  }
  return low;
}
