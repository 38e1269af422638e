// Serves web/dist with answers from a folder, or made up, to look at the explorer without the
// program: node web/tests/dev_server.mjs PORT (FOLDER | NUMBER of made-up models) [SERVER]. What is
// not there is asked of the running `wattfor serve`, where one is given. The headers are its own, so
// that what its policy forbids shows.

import { createServer, get } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createServer as createVite } from 'vite';

const [port = '8181', answers = '1435', behind] = process.argv.slice(2);
const web = fileURLToPath(new URL('..', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async function madeUpAnswers(rows) {
  const vite = await createVite({ root: web, server: { middlewareMode: true }, logLevel: 'error' });
  const { madeUpModels } = await vite.ssrLoadModule('/tests/made_up.ts');
  const { catalogue, models, points } = madeUpModels(rows);
  await vite.close();
  const bytes = new Map([
    ['catalogue', Buffer.from(JSON.stringify(catalogue))],
    ['models', Buffer.from(models)],
  ]);
  for (const [id, columns] of points) bytes.set(`setups/${id}/points`, Buffer.from(columns));
  return async (name) => bytes.get(name);
}

const answer = /^\d+$/.test(answers)
  ? await madeUpAnswers(Number(answers))
  : (name) => readFile(join(answers, name)).catch(() => undefined);

const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  const api = /^\/api\/v1\/(.*)$/.exec(path);
  const file = path === '/' ? '/index.html' : path;
  const body = api ? await answer(api[1]) : await readFile(join(web, 'dist', file)).catch(() => undefined);
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (body === undefined && api && behind) {
    get(new URL(request.url, behind), (answer) => {
      response.writeHead(answer.statusCode, { 'Content-Type': answer.headers['content-type'] });
      answer.pipe(response);
      response.on('close', () => answer.destroy());
    }).on('error', () => response.destroy());
    return;
  }
  if (body === undefined) {
    response.writeHead(404, { 'Content-Type': 'application/json' });
    response.end('{"error":{"code":"not_found","message":"there is no such thing"}}');
    return;
  }
  const isColumns = api && body.subarray(0, 4).toString() === 'WFC1';
  const type = api ? (isColumns ? 'application/vnd.wattfor.columns' : 'application/json') : types[extname(file)];
  response.writeHead(200, { 'Content-Type': type ?? 'application/octet-stream', ...(isColumns ? {} : { 'Content-Encoding': 'gzip' }) });
  response.end(isColumns ? body : gzipSync(body));
});
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
