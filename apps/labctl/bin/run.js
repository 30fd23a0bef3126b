#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one is told what is needed instead of a syntax error.
var major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  process.stderr.write(
    'labctl needs Node.js 22 or newer; this is ' + process.version + ' (' + process.execPath + ')\n',
  );
  process.exit(1);
}
import('./start.js').catch(function (error) {
  process.stderr.write('error: labctl could not start: ' + (error && error.message) + '\n');
  if (process.argv.indexOf('--debug') > 0) process.stderr.write((error && error.stack) + '\n');
  process.exit(1);
});
