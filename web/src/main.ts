import { mount } from 'svelte';
import App from './App.svelte';
import './look/theme.css';
import './explorer/controls.css';

mount(App, { target: document.getElementById('app')! });
