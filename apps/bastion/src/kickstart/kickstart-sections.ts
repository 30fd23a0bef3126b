import { LabError } from '@lab/domain';
import { hasControlCharacters } from './context-values.js';

const OPENERS = /^%(?:pre|pre-install|post|onerror|traceback|packages|addon|anaconda|certificate)\b/;

/** A section of a kickstart: its opening line and its text. */
export interface KickstartSection {
  opener: string;
  body: string;
}

/** The sections, as pykickstart reads them. Raises `internal` for one that isn't closed, or nested. */
export function sectionsOf(kickstart: string): KickstartSection[] {
  const sections: KickstartSection[] = [];
  let open: { opener: string; lines: string[] } | undefined;
  for (const line of kickstart.split('\n')) {
    if (open === undefined) {
      if (OPENERS.test(line)) open = { opener: line, lines: [] };
      else if (/^\s*%(?!include )/.test(line)) throw broken(`"${line}" stands outside of a section`);
    } else if (/^\s*%end\s*$/.test(line)) {
      sections.push({ opener: open.opener, body: `${open.lines.join('\n')}\n` });
      open = undefined;
    } else if (/^\s*%/.test(line)) {
      throw broken(`"${line}" stands inside of a section`);
    } else {
      open.lines.push(line);
    }
  }
  if (open !== undefined) throw broken(`"${open.opener}" has no %end`);
  return sections;
}

/**
 * The last guard behind the allow-lists: `text`, if its sections open and close as they must and it holds no control
 * characters. A `%` at the start of a line inside a section would be a command to the installer.
 */
export function checkSections(text: string): string {
  if (text.split('\n').some((line) => hasControlCharacters(line.replaceAll('\t', ' ')))) {
    throw broken('it holds control characters');
  }
  sectionsOf(text);
  return text;
}

const broken = (why: string): LabError =>
  new LabError('internal', `The rendered kickstart is broken: ${why}.`);
