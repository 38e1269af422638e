// Reads the columnar answers (docs/api.md, "Columns"): typed arrays straight over the bytes.

export class DecodeError extends Error {}

export interface TextColumn {
  readonly length: number;
  at(row: number): string;
  // The bytes of all rows, one after the other, and where each ends: for searching.
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array; // length + 1, the first is 0
}

export interface WordColumn {
  readonly words: readonly string[];
  readonly codes: Uint16Array; // 65535 where it is unknown
}

export const unknownWord = 65535;

export interface ColumnHead {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly bytes: number;
  readonly words?: readonly string[];
  readonly test_set?: string;
  readonly counter?: string;
}

export interface TableHead {
  readonly version: string;
  readonly rows: number;
  readonly columns: readonly ColumnHead[];
}

const headStart = 8;
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export class ColumnTable<Head extends TableHead = TableHead> {
  readonly head: Head;
  readonly rows: number;
  private readonly buffer: ArrayBuffer;
  private readonly start: number;

  constructor(buffer: ArrayBuffer) {
    if (!littleEndian) throw new DecodeError('columns need a little-endian machine');
    this.buffer = buffer;
    const bytes = new Uint8Array(buffer);
    if (bytes.length < headStart || latin1(bytes.subarray(0, 4)) !== 'WFC1') {
      throw new DecodeError('these are no columns: they do not begin with WFC1');
    }
    const headBytes = new DataView(buffer).getUint32(4, true);
    this.start = headStart + headBytes;
    if (this.start % 8 !== 0 || this.start > bytes.length) {
      throw new DecodeError(`the head of the columns claims ${headBytes} bytes`);
    }
    const text = new TextDecoder('utf-8', { fatal: true });
    this.head = JSON.parse(text.decode(bytes.subarray(headStart, this.start))) as Head;
    this.rows = this.head.rows;
    for (const column of this.head.columns) this.check(column);
  }

  // The f64 columns of that name: several where a test set or a counter tells them apart.
  all(name: string): readonly ColumnHead[] {
    return this.head.columns.filter((column) => column.name === name && column.type === 'f64');
  }

  numbers(column: ColumnHead): Float64Array {
    return new Float64Array(this.buffer, this.start + column.offset, this.rows);
  }

  f64(name: string): Float64Array | undefined {
    const column = this.find(name, 'f64');
    return column && this.numbers(column);
  }

  u32(name: string): Uint32Array | undefined {
    const column = this.find(name, 'u32');
    return column && new Uint32Array(this.buffer, this.start + column.offset, this.rows);
  }

  u8(name: string): Uint8Array | undefined {
    const column = this.find(name, 'u8');
    return column && new Uint8Array(this.buffer, this.start + column.offset, this.rows);
  }

  words(name: string): WordColumn | undefined {
    const column = this.find(name, 'word');
    if (column === undefined) return undefined;
    const codes = new Uint16Array(this.buffer, this.start + column.offset, this.rows);
    return { words: column.words ?? [], codes };
  }

  text(name: string): TextColumn | undefined {
    const column = this.find(name, 'text');
    if (column === undefined) return undefined;
    const at = this.start + column.offset;
    const ends = new Uint32Array(this.buffer, at, this.rows + 1);
    const first = at + ends.byteLength;
    const size = column.bytes - ends.byteLength;
    for (let row = 0; row < this.rows; ++row) {
      if (ends[row + 1]! < ends[row]!) throw new DecodeError(`'${name}' has ends that go back`);
    }
    if (ends[0] !== 0 || ends[this.rows]! > size) {
      throw new DecodeError(`'${name}' has texts beyond its end`);
    }
    const bytes = new Uint8Array(this.buffer, first, size);
    const text = new TextDecoder();
    return {
      length: this.rows,
      bytes,
      ends,
      at: (row) => text.decode(bytes.subarray(ends[row], ends[row + 1])),
    };
  }

  private find(name: string, type: string): ColumnHead | undefined {
    return this.head.columns.find((column) => column.name === name && column.type === type);
  }

  private check({ name, type, offset, bytes }: ColumnHead): void {
    const least = (widths[type] ?? 0) * this.rows + (type === 'text' ? 4 : 0);
    const fits =
      Number.isInteger(offset) &&
      offset >= 0 &&
      offset % 8 === 0 &&
      bytes >= least &&
      this.start + offset + bytes <= this.buffer.byteLength;
    if (!fits) throw new DecodeError(`the column '${name}' lies beyond the answer's end`);
  }
}

const widths: Readonly<Record<string, number>> = { f64: 8, u32: 4, u8: 1, word: 2, text: 4 };

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
