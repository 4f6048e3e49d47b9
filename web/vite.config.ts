import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// A node that runs already, for `npm run dev`: NODE=http://127.0.0.1:8080 npm run dev
const node = process.env['NODE'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  plugins: [svelte()],
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  // The place names that warnings use are drawn from the same map.
  assetsInclude: ['**/*.topojson'],
  server: { proxy: { '/api': { target: node, ws: true } }, fs: { allow: ['..'] } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The globe is one chunk of its own that comes after the first words; its size is no surprise.
    chunkSizeWarningLimit: 3000,
  },
  test: { environment: 'happy-dom', css: true, include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
