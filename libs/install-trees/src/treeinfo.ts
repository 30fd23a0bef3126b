import { LabError, printable } from '@lab/domain';
import { checksum, type Checksum } from './checksum.js';
import { treePath } from './tree-path.js';

/** A repository of a tree, as `.treeinfo` has it. */
export interface Variant {
  id: string;
  /** As it stands there: `.`, `BaseOS`, or `../../../AppStream/x86_64/os` on a mirror. */
  repository: string;
}

/** What a `.treeinfo` says (productmd's treeinfo 1.x; its older form in `[general]`). */
export interface Treeinfo {
  family: string;
  short: string;
  version: string;
  arch: string;
  variants: readonly Variant[];
  /** The second stage, if it is named. */
  mainImage: string | undefined;
  /** By path. */
  checksums: ReadonlyMap<string, Checksum>;
}

export const MAX_TREEINFO_BYTES = 1 << 20;
const MAX_VARIANTS = 32;
const MAX_CHECKSUMS = 1_000;
const VARIANT_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Reads a `.treeinfo`; raises `invalid` for what isn't one. */
export function parseTreeinfo(text: string, where: string): Treeinfo {
  const sections = sectionsOf(text, where);
  const section = (name: string): ReadonlyMap<string, string> =>
    sections.get(name) ?? new Map<string, string>();
  const general = section('general');
  const release = section('release');
  const tree = section('tree');
  const value = (...found: (string | undefined)[]): string => found.find((one) => one !== undefined) ?? '';
  const version = value(release.get('version'), general.get('version'));
  const arch = value(tree.get('arch'), general.get('arch'));
  if (version === '' || arch === '') {
    throw notTreeinfo(where, 'it says neither which version the tree has nor for which processors it is');
  }
  const mainImage = section('stage2').get('mainimage');
  const stated = [...section('checksums')];
  if (stated.length > MAX_CHECKSUMS) throw notTreeinfo(where, `it has more than ${MAX_CHECKSUMS} checksums`);
  return {
    family: value(release.get('name'), general.get('family')),
    short: value(release.get('short')),
    version,
    arch,
    variants: variantsOf(value(tree.get('variants')), section, where),
    mainImage: mainImage === undefined ? undefined : treePath(mainImage, where),
    checksums: new Map(
      stated.map(([path, text]) => {
        const colon = text.indexOf(':');
        return [treePath(path, where), checksum(text.slice(0, colon), text.slice(colon + 1), where)];
      }),
    ),
  };
}

function variantsOf(
  names: string,
  section: (name: string) => ReadonlyMap<string, string>,
  where: string,
): Variant[] {
  const ids = [...new Set(names.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (ids.length > MAX_VARIANTS) throw notTreeinfo(where, `it has more than ${MAX_VARIANTS} variants`);
  return ids.flatMap((id) => {
    if (!VARIANT_ID.test(id)) throw notTreeinfo(where, `"${printable(id)}" is no name of a variant`);
    const repository = section(`variant-${id}`).get('repository')?.replace(/\/+$/, '');
    return repository === undefined || repository === '' ? [] : [{ id, repository }];
  });
}

/** configparser's form: sections, `key = value`, comments with `#` and `;`. Paths keep their case. */
function sectionsOf(text: string, where: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    const name = /^\[([^\]]{1,128})\]$/.exec(trimmed)?.[1];
    if (name !== undefined) {
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      continue;
    }
    const equals = trimmed.search(/[=:]/);
    if (current === undefined || equals < 1)
      throw notTreeinfo(where, `"${printable(trimmed)}" is no line of one`);
    current.set(trimmed.slice(0, equals).trim(), trimmed.slice(equals + 1).trim());
  }
  if (sections.size === 0) throw notTreeinfo(where, 'it is empty');
  return sections;
}

/**
 * The text with every variant's repository and packages where `places` says: a mirror has AppStream beside the tree, and a
 * bastion serves it inside.
 */
export function relocated(text: string, places: ReadonlyMap<string, string>): string {
  let place: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const name = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
      if (name !== undefined) place = places.get(name.replace(/^variant-/, ''));
      if (place === undefined || name !== undefined) return line;
      if (/^\s*repository\s*[=:]/.test(line)) return `repository = ${place}`;
      if (/^\s*packages\s*[=:]/.test(line)) return `packages = ${place}/Packages`;
      return line;
    })
    .join('\n');
}

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Raises `invalid` for a tree that is not of the profile's system, version and processors. */
export function requireRelease(
  treeinfo: Treeinfo,
  profile: { name: string; os: string; version: string; arch: string },
  where: string,
): void {
  const { family, short, version, arch } = treeinfo;
  const os = slug(profile.os);
  const isOs = slug(family).startsWith(os) || slug(short) === os;
  const isVersion = version === profile.version || version.startsWith(`${profile.version}.`);
  if (isOs && isVersion && arch === profile.arch) return;
  throw new LabError(
    'invalid',
    `${where} is ${printable(`${family} ${version}`)} for ${printable(arch)}, and the profile ${profile.name} wants ${profile.os} ${profile.version} for ${profile.arch}`,
    { hint: 'Take another source, or the profile that it belongs to: labctl bastion assets list.' },
  );
}

const notTreeinfo = (where: string, why: string): LabError =>
  new LabError('invalid', `${where} is no .treeinfo: ${why}`, {
    hint: 'The address has to be that of an install tree, the folder with .treeinfo, images and repodata in it.',
  });
