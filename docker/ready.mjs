// `node ready.mjs URL`: exit 0 if the program there says 200. It asks the program beside it, whose certificate names the
// outside: on loopback that is not checked.
import http from 'node:http';
import https from 'node:https';

const url = new URL(process.argv[2] ?? '');
const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
const { get } = url.protocol === 'https:' ? https : http;
get(url, { rejectUnauthorized: !isLoopback, timeout: 4000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
