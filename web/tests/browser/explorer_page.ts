// The explorer in Debian's Chromium: against the running `wattfor serve` whose address is in
// $WATTFOR_EXPLORER, else against made-up models.

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

export const realServer = process.env['WATTFOR_EXPLORER'];

// The pages of web/dist, and a program's answers: whatever explorer the program carries.
export const devServerBefore = (folder: string, program: string): readonly string[] => [folder, program];

const devServer = fileURLToPath(new URL('../dev_server.mjs', import.meta.url));

export class Explorers {
  readonly complaints: string[] = []; // of the console: errors, and what the policy refused
  private constructor(
    private readonly browser: Browser,
    readonly address: string,
    private readonly server: ChildProcess | undefined,
  ) {}

  // Without words for the development server, what the environment says.
  static async start(words?: readonly string[]): Promise<Explorers> {
    let server: ChildProcess | undefined;
    let address = words === undefined ? realServer : undefined;
    if (address === undefined) {
      server = spawn(process.execPath, [devServer, '0', ...(words ?? ['1435'])]);
      address = await new Promise<string>((resolve, reject) => {
        server!.stdout!.once('data', (text) => resolve(String(text).trim()));
        server!.stderr!.once('data', (text) => reject(new Error(String(text))));
      });
    }
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return new Explorers(browser, address, server);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server?.kill();
  }

  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    return page;
  }

  async open(query = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.page(options);
    await page.goto(`${this.address}${query === '' ? '' : `?${query}`}`);
    await ready(page);
    return page;
  }
}

export const ready = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => window.wattfor?.ready, undefined, { timeout: 60_000 });

export interface ShownRow {
  readonly model: string;
  readonly inputSize: number;
  readonly score: number;
  readonly energyJ: number;
  readonly accuracy: number;
}

export const shownRows = (page: Page): Promise<ShownRow[]> =>
  page.$$eval('[data-testid=ranking-row]', (rows) =>
    rows.map((row) => {
      const { model, inputSize, score, energyJ, accuracy } = (row as HTMLElement).dataset;
      return {
        model: model!,
        inputSize: Number(inputSize),
        score: Number(score),
        energyJ: Number(energyJ),
        accuracy: Number(accuracy),
      };
    }),
  );

// Goes to another view as the browser's "back" does, without loading the page again.
export async function goTo(page: Page, query: string): Promise<void> {
  await page.evaluate(async (to) => {
    history.pushState(null, '', `?${to}`);
    dispatchEvent(new PopStateEvent('popstate'));
    for (let i = 0; i < 3; ++i) await new Promise(requestAnimationFrame);
  }, query);
}
