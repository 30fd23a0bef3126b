import { LabError, printable } from '@lab/domain';
import { SaxesParser } from 'saxes';

/** One text's or element's size; createrepo_c's longest are some kilobytes. */
const MAX_TEXT = 1 << 16;
const MAX_DEPTH = 32;
/** Without a tag in so many characters the parser would gather them all. */
const MAX_GAP = 1 << 21;

export interface XmlHandler {
  /** The names of the elements around it, the outermost first, and its own last. */
  open?: (path: readonly string[], attributes: Readonly<Record<string, string>>) => void;
  close?: (path: readonly string[], text: string) => void;
}

/** Feeds XML to a handler as it comes. Entities that a document declares itself are never replaced: saxes knows none. */
export async function readXml(
  chunks: AsyncIterable<Buffer | string>,
  where: string,
  handler: XmlHandler,
): Promise<void> {
  const parser = new SaxesParser();
  const path: string[] = [];
  let text = '';
  const failed: { error?: Error } = {};
  let lastTag = 0;
  parser.on('error', (error) => (failed.error ??= error));
  parser.on('opentag', ({ name, attributes }) => {
    lastTag = parser.position;
    path.push(name);
    text = '';
    if (path.length > MAX_DEPTH) failed.error ??= new Error('its elements are nested too deeply');
    else handler.open?.(path, attributes);
  });
  parser.on('text', (more) => {
    if (text.length + more.length <= MAX_TEXT) text += more;
  });
  parser.on('closetag', () => {
    lastTag = parser.position;
    handler.close?.(path, text);
    path.pop();
    text = '';
  });
  const decoder = new TextDecoder();
  let seen = false;
  const check = (): void => {
    if (failed.error !== undefined) throw notXml(where, failed.error);
  };
  for await (const chunk of chunks) {
    seen ||= chunk.length > 0;
    parser.write(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    check();
    if (parser.position - lastTag > MAX_GAP) throw notXml(where, new Error('it has a tag without an end'));
  }
  if (!seen) throw notXml(where, new Error('it is empty'));
  parser.close();
  check();
}

const notXml = (where: string, error: Error): LabError =>
  new LabError('invalid', `${where} is damaged, or not what it should be: ${printable(error.message)}`, {
    hint: 'The source is incomplete, or answers with a page instead of the file.',
    cause: error,
  });
