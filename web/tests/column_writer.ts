// Writes columns as the server does (docs/api.md), for tests and made-up models.

type Tags = { readonly test_set?: string; readonly counter?: string };
export type WrittenColumn = Tags & { readonly name: string } & (
    | { readonly type: 'f64'; readonly values: Float64Array }
    | { readonly type: 'u32'; readonly values: Uint32Array }
    | { readonly type: 'u8'; readonly values: Uint8Array }
    | { readonly type: 'word'; readonly values: Uint16Array; readonly words: readonly string[] }
    | { readonly type: 'text'; readonly values: readonly string[] }
  );

const padded = (length: number): number => Math.ceil(length / 8) * 8;

function bytesOf(column: WrittenColumn): Uint8Array {
  if (column.type !== 'text') {
    const { buffer, byteOffset, byteLength } = column.values;
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  }
  const encoder = new TextEncoder();
  const texts = column.values.map((text) => encoder.encode(text));
  const ends = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (ends[i + 1] = ends[i]! + text.length));
  const bytes = new Uint8Array(ends.byteLength + ends.at(-1)!);
  bytes.set(new Uint8Array(ends.buffer));
  texts.forEach((text, i) => bytes.set(text, ends.byteLength + ends[i]!));
  return bytes;
}

export function writeColumns(
  rows: number,
  columns: readonly WrittenColumn[],
  more: Readonly<Record<string, unknown>> = {},
): ArrayBuffer {
  let offset = 0;
  const parts = columns.map((column) => {
    const bytes = bytesOf(column);
    const { name, type, test_set, counter } = column;
    const words = column.type === 'word' ? column.words : undefined;
    const head = { name, type, offset, bytes: bytes.length, words, test_set, counter };
    offset += padded(bytes.length);
    return { head, bytes };
  });
  const text = JSON.stringify({
    version: 'test',
    rows,
    columns: parts.map((part) => part.head),
    ...more,
  });
  const head = new TextEncoder().encode(text);
  const start = padded(8 + head.length);
  const answer = new Uint8Array(start + offset).fill(0x20, 8, start);
  answer.set(new TextEncoder().encode('WFC1'));
  new DataView(answer.buffer).setUint32(4, start - 8, true);
  answer.set(head, 8);
  for (const { head: column, bytes } of parts) answer.set(bytes, start + column.offset);
  return answer.buffer;
}
