import { LabError } from '@lab/domain';
import { existsSync } from 'node:fs';
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
 * Reads `bastion-assets/`. `profileDirs` are further folders with profiles (`*.yaml`) and disk layouts (`layouts/*.yaml`); a
 * name may be there only once.
 * Raises `environment` for a folder or file that can't be read, `invalid` for a file that says nonsense, naming it.
 */
export async function loadAssets(dir: string, profileDirs: readonly string[] = []): Promise<BastionAssets> {
  const kickstartDir = join(dir, 'kickstart');
  const [profiles, layouts, roles, scripts, templates, partials, ipxe] = await Promise.all([
    loadProfiles([join(dir, 'profiles'), ...profileDirs]),
    loadLayouts([join(kickstartDir, 'layouts'), ...profileDirs.map((folder) => join(folder, 'layouts'))]),
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
  for (const { name, kickstart } of profiles.values()) {
    if (!templates.has(kickstart)) {
      throw new LabError(
        'invalid',
        `The profile "${name}" names the kickstart "${kickstart}", which isn't there.`,
        { hint: `Kickstarts: ${[...templates.keys()].join(', ')}.` },
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

/**
 * The profiles of several folders. A profile that `extends` another takes over what it doesn't say itself. Raises `invalid`
 * for a name that is there twice, and for one that extends what isn't there, or itself.
 */
export async function loadProfiles(dirs: readonly string[]): Promise<ReadonlyMap<string, Profile>> {
  const files = new Map<string, DataFile>();
  for (const dir of dirs) {
    for (const file of await readData(dir)) addOnce(files, nameOf(file), file, 'profile');
  }
  const all = new Map<string, Profile>();
  for (const { path, data } of files.values()) {
    const profile = checked(path, extended(path, data, files, []), profileSchema);
    all.set(profile.name, profile);
  }
  if (all.size > MAX_PROFILES) {
    throw new LabError('invalid', `There are ${all.size} profiles; a bastion takes ${MAX_PROFILES}.`, {
      hint: 'Take profiles away that nobody installs.',
    });
  }
  return all;
}

/** A YAML file as it was read. */
interface DataFile {
  path: string;
  data: unknown;
}

const fieldsOf = (data: unknown): Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : {};

/** The name that it gives itself; without one, its path, until the schema refuses it. */
function nameOf({ path, data }: DataFile): string {
  const { name } = fieldsOf(data);
  return typeof name === 'string' ? name : path;
}

/** What a profile says, over what the one says that it extends. */
function extended(
  path: string,
  data: unknown,
  files: ReadonlyMap<string, DataFile>,
  children: readonly string[],
): unknown {
  const { extends: base, ...own } = fieldsOf(data);
  if (base === undefined) return data;
  const found = typeof base === 'string' ? files.get(base) : undefined;
  if (found === undefined || children.includes(found.path) || found.path === path) {
    const what = found === undefined ? "a profile that isn't there" : 'itself';
    throw new LabError('invalid', `${path}: extends: names ${what}.`, {
      hint: `Name one of: ${[...files.keys()].join(', ')}.`,
      errors: [{ path: 'extends', message: `names ${what}` }],
    });
  }
  return { ...fieldsOf(extended(found.path, found.data, files, [...children, path])), ...own };
}

function addOnce<T>(items: Map<string, T>, name: string, item: T, kind: string): void {
  if (items.has(name)) {
    throw new LabError('invalid', `The ${kind} "${name}" is there twice.`, {
      hint: 'Rename one of the two files, and the name in it.',
    });
  }
  items.set(name, item);
}

async function loadLayouts(dirs: readonly string[]): Promise<ReadonlyMap<string, Layout>> {
  const all = new Map<string, Layout>();
  for (const [index, dir] of dirs.entries()) {
    // Only our own folder has to have layouts.
    if (index > 0 && !existsSync(dir)) continue;
    for (const [name, layout] of await loadNamed(dir, layoutSchema)) addOnce(all, name, layout, 'layout');
  }
  return all;
}

async function loadNamed<T extends { name: string }>(
  dir: string,
  schema: z.ZodType<T>,
): Promise<ReadonlyMap<string, T>> {
  const items = (await readData(dir)).map(({ path, data }) => checked(path, data, schema));
  return new Map(items.map((item) => [item.name, item]));
}

async function readData(dir: string): Promise<DataFile[]> {
  return [...(await readTexts(dir, '.yaml'))].map(([file, text]) => {
    const path = join(dir, `${file}.yaml`);
    return { path, data: parseText(path, text) };
  });
}

function parseText(file: string, text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 0 });
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
}

function checked<T>(file: string, data: unknown, schema: z.ZodType<T>): T {
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
