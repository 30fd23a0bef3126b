'use strict';
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname } = require('node:path');
const { Script, constants } = require('node:vm');

/**
 * Loads a CommonJS file with the code cache that stands beside it (`main.js.cache`). Node's own compile cache holds only what is
 * compiled at first sight; this one, made after a run, holds every function that ran. A cache of another Node is ignored by V8.
 */
exports.loadBundle = function loadBundle(filename) {
  // The build writes ASCII only, which V8 keeps in a byte a character.
  const source = readFileSync(filename, 'latin1');
  const script = new Script(Module.wrap(source), {
    filename,
    cachedData: readIfThere(`${filename}.cache`),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = new Module(filename);
  module.filename = filename;
  module.paths = Module._nodeModulePaths(dirname(filename));
  // oclif requires the same file to find the commands.
  require.cache[filename] = module;
  const run = script.runInThisContext();
  run.call(
    module.exports,
    module.exports,
    Module.createRequire(filename),
    module,
    filename,
    dirname(filename),
  );
  module.loaded = true;
  return { exports: module.exports, script };
};

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
