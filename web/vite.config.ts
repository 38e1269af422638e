import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

// A page opened from `file:` may load no modules: one classic script, deferred, for every way that
// the explorer is served.
function classicScript(): Plugin {
  return {
    name: 'classic-script',
    enforce: 'post',
    transformIndexHtml: (html) =>
      html
        .replace(/<script type="module" crossorigin/g, '<script defer')
        .replace(/<link rel="stylesheet" crossorigin/g, '<link rel="stylesheet"'),
  };
}

export default defineConfig({
  base: './',
  plugins: [svelte(), classicScript()],
  build: {
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false, // else the script of a single bundle adds the styles, which the policy forbids
    assetsInlineLimit: 0,
    rollupOptions: { output: { format: 'iife', codeSplitting: false } },
  },
});
