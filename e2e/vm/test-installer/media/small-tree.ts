import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@lab/testing';
import { root } from '../../../checkout.js';

const HERE = join(root, 'e2e/vm/test-installer/media');

/** One package of a small tree: a file with its name in it. */
export interface SmallPackage {
  name: string;
  requires?: readonly string[];
  /** Bytes of its one file. */
  size?: number;
  /** Lua, so that nothing has to be in the target: `error('…')` fails. */
  scriptlets?: Readonly<Partial<Record<'pre' | 'post' | 'posttrans', string>>>;
  /** The file that it owns, when not its own. */
  file?: string;
  mode?: string;
}

/** Runs one of the packaging tools from where it was unpacked. */
export const tool = (tools: string, program: string, ...args: string[]): Promise<string> =>
  run(join(HERE, 'tools.sh'), [tools, program, ...args]);

/** Builds packages with the real rpmbuild; answers a folder with NAME.rpm for each. */
export async function buildPackages(tools: string, packages: readonly SmallPackage[]): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'lab-packages-'));
  const buildroot = join(work, 'buildroot');
  for (const { name, size = 100, file } of packages) {
    const path = join(buildroot, file ?? `/usr/share/${name}/data`);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, name.padEnd(size, '.'));
  }
  await writeFile(join(work, 'small.spec'), [SPEC_HEAD, ...packages.map(specOf)].join('\n'));
  await tool(
    tools,
    'rpmbuild',
    ...['-bb', '--quiet', '--nodeps', '--noclean', '--target', 'x86_64-linux', '--buildroot', buildroot],
    ...['--define', `_topdir ${work}/build`, '--define', `_rpmdir ${work}/rpms`],
    ...['--define', '_rpmfilename %%{NAME}.rpm', '--define', '_buildhost localhost'],
    join(work, 'small.spec'),
  );
  await rename(join(work, 'rpms'), join(work, 'packages'));
  return join(work, 'packages');
}

const SPEC_HEAD = `%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global __check_files %{nil}
Name: small
Version: 1
Release: 1
Summary: Packages of a test
License: MIT
AutoReqProv: no
%description
Packages of a test.`;

function specOf({ name, requires = [], scriptlets = {}, file, mode = '644' }: SmallPackage): string {
  return [
    `%package -n ${name}\nSummary: ${name}\nAutoReqProv: no`,
    ...requires.map((need) => `Requires: ${need}`),
    `%description -n ${name}\n${name}.`,
    `%files -n ${name}\n%defattr(-,root,root,-)\n%attr(${mode},root,root) "${file ?? `/usr/share/${name}/data`}"`,
    ...Object.entries(scriptlets).map(([when, lua]) => `%${when} -n ${name} -p <lua>\n${lua}`),
  ].join('\n');
}

/** Lays out a repository of packages that were built, with @core in its groups, by the real createrepo_c. */
export async function layRepository(
  tools: string,
  built: string,
  names: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(join(folder, 'Packages'), { recursive: true });
  for (const name of names) await cp(join(built, `${name}.rpm`), join(folder, 'Packages', `${name}.rpm`));
  const core = names.map((name) => `<packagereq type="mandatory">${name}</packagereq>`).join('');
  const comps = join(folder, 'comps.xml');
  await writeFile(
    comps,
    `<?xml version="1.0" encoding="UTF-8"?>\n<comps><group><id>core</id><name>Core</name><default>true</default><uservisible>false</uservisible><packagelist>${core}</packagelist></group></comps>\n`,
  );
  await tool(
    tools,
    'createrepo_c',
    '--quiet',
    '--no-database',
    '--simple-md-filenames',
    '--groupfile',
    comps,
    folder,
  );
  await rm(comps);
}

/** `.treeinfo` with these variants, each a path of its repository (`.` = the root of the tree). */
export function treeinfo(variants: Readonly<Record<string, string>>): string {
  const names = Object.keys(variants);
  return [
    '[header]\ntype = productmd.treeinfo\nversion = 1.2\n',
    '[release]\nname = AlmaLinux\nshort = almalinux\nversion = 10.1\n',
    `[tree]\narch = x86_64\nbuild_timestamp = 0\nplatforms = x86_64\nvariants = ${names.join(',')}\n`,
    ...Object.entries(variants).map(
      ([name, path]) =>
        `[variant-${name}]\nid = ${name}\nname = ${name}\npackages = ${path}/Packages\nrepository = ${path}\ntype = variant\nuid = ${name}\n`,
    ),
  ].join('\n');
}
