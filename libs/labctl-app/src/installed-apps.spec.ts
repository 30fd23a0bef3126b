import { describe, expect, it } from '@jest/globals';
import { installedApps } from './installed-apps.js';

const cluster = (distribution: unknown, members: unknown = []) => ({ spec: { distribution, members } });

describe('the apps of clusters', () => {
  it('are counted, with the members of the clusters', () => {
    expect(installedApps([cluster('k3s', [{}, {}]), cluster('k3s', [{}]), cluster('k0s'), {}])).toEqual([
      { name: 'k0s', clusters: 1, servers: 0, description: '<unknown>' },
      { name: 'k3s', clusters: 2, servers: 3, description: 'lightweight Kubernetes' },
    ]);
  });

  it('are there before any cluster is', () => {
    expect(installedApps([])).toMatchObject([{ name: 'k3s', clusters: 0 }]);
  });
});
