import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the service. */
const service = process.env.GEOEVENTS_URL ?? 'http://127.0.0.1:5080';

export default defineConfig({
  plugins: [svelte()],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  build: {
    target: 'es2023',
    // The policy of the page lets nothing run or apply that is not a file of this origin.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  worker: { format: 'es' },
  server: {
    proxy: Object.fromEntries(['/api', '/docs', '/openapi', '/health'].map((path) => [path, { target: service, changeOrigin: true }])),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], restoreMocks: true },
});
