import { LabError } from '@lab/domain';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import {
  layoutSchema,
  profileSchema,
  roleSchema,
  type Layout,
  type Profile,
  type RoleData,
} from './profile.schema.js';
import { compileTemplates, type Render } from './template.js';

/** Everything of `bastion-assets/` that renderers need, read and checked once. */
export interface BastionAssets {
  profiles: ReadonlyMap<string, Profile>;
  layouts: ReadonlyMap<string, Layout>;
  roles: ReadonlyMap<string, RoleData>;
  /** Parts of kickstart sections by camel-case name: `observe`, `firstBoot`. */
  scripts: Readonly<Record<string, string>>;
  /** Kickstart templates `<name>.ks.hbs`, by `<name>`. */
  kickstart: Render;
  /** iPXE templates `<name>.ipxe.hbs`, by `<name>`. */
  ipxe: Render;
}

const MAX_PROFILES = 256;

/**
 * Reads `bastion-assets/`. `profileDirs` are further folders with profiles (`*.yaml`); a name may be there only once.
 * Raises `environment` for a folder or file that can't be read, `invalid` for a file that says nonsense, naming it.
 */
export async function loadAssets(dir: string, profileDirs: readonly string[] = []): Promise<BastionAssets> {
  const kickstartDir = join(dir, 'kickstart');
  const [profiles, layouts, roles, scripts, templates, partials, ipxe] = await Promise.all([
    loadProfiles([join(dir, 'profiles'), ...profileDirs]),
    loadNamed(join(kickstartDir, 'layouts'), layoutSchema),
    loadNamed(join(kickstartDir, 'roles'), roleSchema),
    readTexts(kickstartDir, '.sh'),
    readTexts(kickstartDir, '.ks.hbs'),
    readTexts(kickstartDir, '.hbs'),
    readTexts(join(dir, 'ipxe'), '.ipxe.hbs'),
  ]);
  for (const role of roles.values()) {
    if (!layouts.has(role.layout)) {
      throw new LabError(
        'invalid',
        `The role "${role.name}" names the layout "${role.layout}", which isn't there.`,
        {
          hint: `Layouts: ${[...layouts.keys()].join(', ')}.`,
        },
      );
    }
  }
  const sections = new Map([...partials].filter(([name]) => !name.endsWith('.ks')));
  return {
    profiles,
    layouts,
    roles,
    scripts: Object.fromEntries(
      [...scripts].map(([name, text]) => [camelCase(name), withoutDirectives(text)]),
    ),
    kickstart: compileTemplates(templates, sections),
    ipxe: compileTemplates(ipxe),
  };
}

/** The profiles of several folders. Raises `invalid` for a name that is there twice. */
export async function loadProfiles(dirs: readonly string[]): Promise<ReadonlyMap<string, Profile>> {
  const all = new Map<string, Profile>();
  for (const dir of dirs) {
    for (const [name, profile] of await loadNamed(dir, profileSchema)) {
      if (all.has(name)) {
        throw new LabError('invalid', `The profile "${name}" is there twice.`, {
          hint: `Rename the one in ${dir}, or take the folder away.`,
        });
      }
      all.set(name, profile);
    }
  }
  if (all.size > MAX_PROFILES) {
    throw new LabError('invalid', `There are ${all.size} profiles; a bastion takes ${MAX_PROFILES}.`, {
      hint: 'Take profiles away that nobody installs.',
    });
  }
  return all;
}

async function loadNamed<T extends { name: string }>(
  dir: string,
  schema: z.ZodType<T>,
): Promise<ReadonlyMap<string, T>> {
  const items = new Map<string, T>();
  for (const [file, text] of await readTexts(dir, '.yaml')) {
    const item = parseFile(join(dir, `${file}.yaml`), text, schema);
    items.set(item.name, item);
  }
  return items;
}

function parseFile<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let data: unknown;
  try {
    data = parseYaml(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new LabError(
      'invalid',
      `${file} is not YAML: ${error instanceof Error ? error.message : 'unreadable'}`,
      {
        hint: 'Correct the file.',
        cause: error,
      },
    );
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.join('.') || '(file)',
    message: issue.message,
  }));
  throw new LabError('invalid', `${file}: ${errors.map((e) => `${e.path}: ${e.message}`).join('; ')}`, {
    hint: 'Correct the file; bastion-assets/profiles/fedora-43.yaml is an example of a profile.',
    errors,
  });
}

/** The files of a folder with a suffix, by their name without it, in order of their names. */
async function readTexts(dir: string, suffix: string): Promise<ReadonlyMap<string, string>> {
  try {
    const names = (await readdir(dir)).filter((name) => name.endsWith(suffix)).sort();
    return new Map(
      await Promise.all(
        names.map(async (name): Promise<[string, string]> => [
          basename(name, suffix),
          await readFile(join(dir, name), 'utf8'),
        ]),
      ),
    );
  } catch (error) {
    throw new LabError('environment', `The asset folder ${dir} can't be read.`, {
      hint: 'Point the bastion at the folder bastion-assets of its release.',
      cause: error,
    });
  }
}

const camelCase = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** File-wide shellcheck directives are for the file alone; inside a section they would apply to the wrong line. */
const withoutDirectives = (text: string): string =>
  text.replace(/^# shellcheck shell=bash.*\n/, '').replace(/\n+$/, '');
