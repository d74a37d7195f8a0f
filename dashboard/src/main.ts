/** The page begins here: MapLibre learns where its worker lies, then Svelte takes over. */
import 'maplibre-gl/dist/maplibre-gl.css';
import './ui/page.css';
import './ui/table.css';

import { setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { mount } from 'svelte';

import App from './App.svelte';

setWorkerUrl(workerUrl);

const target = document.getElementById('page');
if (!target) throw new Error('The page has no element with the id "page".');
mount(App, { target });
