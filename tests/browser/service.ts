import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts the service as it was built, with a database of its own, for the whole run; or takes the one that GEOEVENTS_TEST_URL names.
 * Each test has a workspace of its own in it.
 */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.GEOEVENTS_TEST_URL) {
    return undefined;
  }

  const dll = process.env.GEOEVENTS_TEST_DLL ?? join(import.meta.dirname, '../../src/GeoEvents/bin/Debug/net10.0/GeoEvents.dll');
  const data = mkdtempSync(join(tmpdir(), 'geoevents-browser-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  let said = '';
  const service = spawn('dotnet', [dll, '--urls', url], { env: { ...process.env, GEOEVENTS_DATA: data }, stdio: ['ignore', 'pipe', 'pipe'] });
  service.stdout.on('data', (text) => {
    said += text;
  });
  service.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => service.once('exit', () => resolve()));
  const until = Date.now() + 90_000;
  for (;;) {
    const ready = await fetch(`${url}/health/ready`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) {
      break;
    }

    if (Date.now() > until || service.exitCode !== null) {
      service.kill('SIGTERM');
      throw new Error(`The service did not start:\n${said}`);
    }

    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  process.env.GEOEVENTS_TEST_URL = url;
  return async () => {
    service.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port.'))));
    });
  });
}
