import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { ACCESS, type Access } from './access.decorators.js';

interface Route {
  where: string;
  method: string;
  path: string;
  access: Access | undefined;
}

type Handler = (...parameters: unknown[]) => unknown;

function routesOf(labd: TestLabd): Route[] {
  const discovery = new DiscoveryService(labd.app.get(ModulesContainer));
  const scanner = new MetadataScanner();
  const reflector = labd.app.get(Reflector);
  return discovery.getControllers().flatMap((wrapper) => {
    // Nest types them as any: a class, and what it made.
    const metatype = wrapper.metatype as Handler;
    const instance = wrapper.instance as Record<string, Handler>;
    const prefix: string = Reflect.getMetadata(PATH_METADATA, metatype);
    return scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object).flatMap((name) => {
      const handler = instance[name] ?? metatype;
      const method: number | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
      if (method === undefined) return [];
      const path: string = Reflect.getMetadata(PATH_METADATA, handler);
      return [
        {
          where: `${metatype.name}.${name}`,
          method: RequestMethod[method] ?? '',
          path: `/${prefix}/${path}`.replaceAll(/\/+/g, '/').replaceAll(/:\w+/g, 'x').replace(/\/$/, ''),
          access: reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, metatype]),
        },
      ];
    });
  });
}

describe('access', () => {
  let labd: TestLabd;
  let routes: Route[];
  beforeAll(async () => {
    labd = await runningLabd();
    routes = routesOf(labd);
  });
  afterAll(() => labd.stop());

  it('knows the routes', () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.map((route) => route.path)).toContain('/api/v1/servers/x/provision');
  });

  it('is declared by every route', () => {
    expect(routes.filter((route) => route.access === undefined)).toEqual([]);
  });

  it('is public only where the request carries another proof or tells nothing', () => {
    const open = routes.filter((route) => route.access?.kind === 'public').map((route) => route.path);
    expect(open.toSorted()).toEqual([
      '/api/v1/auth/login',
      '/api/v1/auth/oidc',
      '/api/v1/auth/oidc',
      '/api/v1/auth/refresh',
      '/api/v1/bastions/enrol',
      '/api/v1/handovers',
      '/api/v1/handovers/check',
      '/api/v1/handovers/x/complete',
      '/api/v1/handovers/x/parts',
      '/healthz',
      '/readyz',
    ]);
  });

  it('is refused without a token on every route that is not public', async () => {
    for (const { method, path, access } of routes) {
      if (access?.kind === 'public') continue;
      const answer = await labd.call(method, path, method === 'POST' ? {} : undefined, null);
      expect({ path, status: answer.status, code: answer.body.code }).toEqual({
        path,
        status: 401,
        code: 'not-logged-in',
      });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('is refused to a user without any permission, except for what concerns themselves', async () => {
    const token = await labd.userWith();
    for (const { method, path, access } of routes) {
      if (access?.kind !== 'permission') continue;
      const answer = await labd.call(method, path, method === 'POST' ? {} : undefined, token);
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
    }
    expect((await labd.call('GET', '/api/v1/auth/whoami', undefined, token)).body).toMatchObject({
      permissions: [],
    });
  });
});
