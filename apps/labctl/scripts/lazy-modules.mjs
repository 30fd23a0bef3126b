/**
 * An esbuild plugin: these modules are loaded when something of them is used, not when they are required. For modules that are
 * required (not imported) and used as an object or a function.
 */
export const lazyModules = (names) => ({
  name: 'lazy-modules',
  setup({ onResolve, onLoad, resolve }) {
    const filter = new RegExp(`^(?:${names.map((name) => name.replaceAll('-', '\\-')).join('|')})$`);
    onResolve({ filter }, async ({ path, kind, resolveDir, namespace, pluginData }) => {
      if (namespace === 'lazy' || kind !== 'require-call' || pluginData === 'own') return undefined;
      if (path.startsWith('node:')) return { path, namespace: 'lazy', pluginData: { path, resolveDir } };
      const found = await resolve(path, { kind, resolveDir, pluginData: 'own' });
      return { path: found.path, namespace: 'lazy', pluginData: { path: found.path, resolveDir } };
    });
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ pluginData: { path, resolveDir } }) => ({
      // __esModule is asked for by every interop, before any use; none of these modules has a default export of its own.
      contents: `const real = () => require(${JSON.stringify(path)});
        module.exports = new Proxy(function () {}, {
          get: (_, key) => key === '__esModule' ? undefined : real()[key],
          apply: (_, self, args) => real().apply(self, args),
        });`,
      resolveDir,
    }));
  },
});
