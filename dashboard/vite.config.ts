/** Build the page into `api/static`, from where the API serves it. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the page also works behind a reverse proxy's sub-path.
  base: './',
  plugins: [svelte()],
  build: {
    outDir: '../api/static',
    emptyOutDir: true,
    target: 'es2023',
    // MapLibre is most of the page and cannot be split usefully.
    chunkSizeWarningLimit: 1600,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8000', ws: true } } },
});
