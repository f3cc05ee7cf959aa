import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { settings } from './data/settings.svelte';

settings.apply();
const target = document.getElementById('app');
if (target) {
  mount(App, { target });
}
