import { defineConfig } from '@playwright/test'

import usual from './playwright.config'

/** Lighthouse measures, so it runs alone. */
export default defineConfig({
  ...usual,
  testIgnore: [],
  testMatch: 'lighthouse.spec.ts',
  workers: 1,
  fullyParallel: false,
  // A score hangs on what else the machine does at the moment; what is slow is slow twice.
  retries: 1,
})
