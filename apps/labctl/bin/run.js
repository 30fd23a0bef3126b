#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one is told what is needed instead of a syntax error; and CommonJS,
// for Node's loader of ES modules takes longer to start than all that labctl does.
'use strict';
var major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  process.stderr.write(
    'labctl needs Node.js 22 or newer; this is ' + process.version + ' (' + process.execPath + ')\n',
  );
  process.exit(1);
}
require('./start.js');
