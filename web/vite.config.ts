import react from '@vitejs/plugin-react'
import { defineConfig, type ProxyOptions } from 'vite'

import { precompressed } from './tools/precompressed.mjs'

// In development the API is a local stack: DOCKET_URL is its address, and DOCKET_API_KEY is added to each call until a
// session can be signed in to.
function api(): ProxyOptions {
  const key = process.env.DOCKET_API_KEY
  return {
    target: process.env.DOCKET_URL ?? 'http://127.0.0.1:8080',
    changeOrigin: true,
    headers: key ? { Authorization: `Bearer ${key}` } : {},
  }
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), precompressed()],
  build: {
    outDir: 'dist/console',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 700,
  },
  server: { host: '127.0.0.1', proxy: { '/v1': api() } },
})
