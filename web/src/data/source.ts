// Where answers come from: the server, or the scripts of a published folder. A page opened from
// `file:` may fetch nothing; there, and where nobody answers the catalogue, `data/NAME.js` is
// loaded as a classic script that hands its answer to window.wattfor_data.

// A name's parts are apart by slashes and encoded (encodeURIComponent) where they may hold any text.
export interface Source {
  bytes(name: string): Promise<ArrayBuffer>;
  json<T>(name: string): Promise<T>;
  // The address of an answer that the page shows as it is, such as a picture; a state of the store
  // in it makes the browser ask again when there is another.
  address(name: string, version?: string): string;
}

export class AnswerError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

class Server implements Source {
  address(name: string, version?: string): string {
    return `api/v1/${name}${version === undefined ? '' : `?v=${encodeURIComponent(version)}`}`;
  }

  async bytes(name: string): Promise<ArrayBuffer> {
    return (await this.answer(name)).arrayBuffer();
  }

  async json<T>(name: string): Promise<T> {
    return (await this.answer(name)).json() as Promise<T>;
  }

  private async answer(name: string): Promise<Response> {
    const response = await fetch(this.address(name));
    if (response.ok) return response;
    throw new AnswerError(await messageOf(response), response.status);
  }
}

async function messageOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error: { message: string } };
    return error.message;
  } catch {
    return `the server answered ${response.status}`;
  }
}

declare global {
  interface Window {
    wattfor_data?: (name: string, base64: string) => void;
  }
}

class Folder implements Source {
  private readonly waiting = new Map<string, (base64: string) => void>();

  constructor() {
    window.wattfor_data = (name, base64) => this.waiting.get(name)?.(base64);
  }

  address(name: string): string {
    return `data/${fileOf(name)}`;
  }

  bytes(name: string): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script');
      this.waiting.set(decodeURIComponent(name), (base64) => resolve(bytesOf(base64)));
      script.src = `${this.address(name)}.js`;
      script.onload = () => reject(new AnswerError(`${script.src} holds no '${name}'`, 404));
      script.onerror = () => reject(new AnswerError(`there is no ${script.src}`, 404));
      document.head.append(script);
    });
  }

  async json<T>(name: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(name))) as T;
  }
}

// A file bears the encoded name, where none is of dots alone; its address encodes that once more.
const fileOf = (name: string): string =>
  name
    .split('/')
    .map((part) => encodeURIComponent(/^\.+$/.test(part) ? part.replaceAll('.', '%2E') : part))
    .join('/');

export function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

// The source that has a catalogue, and its catalogue.
export async function openSource<Catalogue>(): Promise<{ source: Source; catalogue: Catalogue }> {
  const open = async (source: Source): Promise<{ source: Source; catalogue: Catalogue }> => ({
    source,
    catalogue: await source.json<Catalogue>('catalogue'),
  });
  if (location.protocol === 'file:') return open(new Folder());
  try {
    return await open(new Server());
  } catch (error) {
    // A static host knows no such address.
    if (error instanceof AnswerError && error.status === 404) return open(new Folder());
    throw error;
  }
}
