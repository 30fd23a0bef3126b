import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { LabError } from '@lab/domain';
import { mediumBinaries, type Binary } from '../../assets/ipxe-binaries.js';
import { BASTION_CONFIG, type BastionConfig } from '../../config.js';
import { bootMedium, reaches, type BootMedium } from '../../kickstart/boot-medium.js';
import { parseInput } from '../../kickstart/render-input.js';
import { codeOf, storageError } from '../../storage/storage-error.js';
import { BootAssets } from '../boot-assets.js';
import { makeIsoImage, type MediumParts } from './iso-image.js';
import { loaderFiles } from './loader-files.js';
import { mediaTools, type MediaTools } from './media-tools.js';

/** Raise it when images are made in another way, so that old ones are not taken for new. */
const FORMAT = 1;
/** Images that are kept, of some 4 MB each; the one that was asked for longest ago goes first. */
const MAX_IMAGES = 16;
/** Who asks while so many different images wait to be made is sent away. */
const MAX_WAITING = 16;
const WORK = 'work-';

export interface IsoFile {
  folder: string;
  name: string;
}

/** Boot media: made when they are first asked for, one at a time, and kept. */
@Injectable()
export class BootIsoService {
  readonly #underWay = new Map<string, Promise<void>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(BASTION_CONFIG) private readonly config: BastionConfig,
    private readonly assets: BootAssets,
  ) {}

  /** The medium that a query asks for. Raises `invalid`, `not-found` for what is missing here, `not-ready`, `timed-out`. */
  async image(query: Readonly<Record<string, unknown>>): Promise<IsoFile> {
    const { mac, ...rest } = query;
    const medium = parseInput(
      bootMedium,
      { ...rest, mac: mac === undefined ? [] : [mac].flat() },
      'The boot medium',
    );
    this.#checkWay(medium);
    const parts = await this.#parts(this.assets.mediumScript(medium));
    const file = { folder: join(this.config.folder, 'iso'), name: `${await keyOf(parts)}.iso` };
    const path = join(file.folder, file.name);
    if (!(await wasThere(path))) await this.#made(parts, file);
    return file;
  }

  #checkWay({ address }: BootMedium): void {
    if (address === null || reaches(address, this.assets.url)) return;
    throw new LabError(
      'invalid',
      `From ${address.ip} in ${address.network} there is no way to ${this.assets.url}`,
      {
        hint: 'Give a gateway, or an address in the network of the bastion.',
        errors: [{ path: 'gateway', message: 'is needed: the bastion is in another network' }],
      },
    );
  }

  async #parts(script: string): Promise<MediumParts> {
    const loader = await loaderFiles(this.config);
    const found = await mediumBinaries(this.config);
    const pathOf = ({ folder, name }: Binary): string => join(folder, name);
    return {
      script,
      loader,
      efi: pathOf(found['x86_64-efi']),
      efiArm64: found['arm64-efi'] === undefined ? null : pathOf(found['arm64-efi']),
      bios: pathOf(found.bios),
    };
  }

  async #made(parts: MediumParts, file: IsoFile): Promise<void> {
    const underWay = this.#underWay.get(file.name);
    if (underWay !== undefined) return underWay;
    if (this.#underWay.size >= MAX_WAITING) {
      throw new LabError('too-many-requests', 'This bastion has many boot media to make already', {
        hint: 'Ask again in a few seconds.',
      });
    }
    const making = this.#last.then(() => make(parts, mediaTools(this.config.programPath), file));
    this.#underWay.set(file.name, making);
    this.#last = making.catch(() => undefined).finally(() => this.#underWay.delete(file.name));
    await making;
  }
}

/** Notes when it was asked for; the time of its content stays, for the ETag is made of it. */
async function wasThere(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  await utimes(path, new Date(), found.mtime).catch(() => undefined);
  return true;
}

/** What the image depends on. Programs are told by name, size and date: reading them would be most of the work. */
async function keyOf({ script, efi, efiArm64, bios, loader }: MediumParts): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([FORMAT, script]));
  for (const path of [efi, efiArm64, bios, loader.isolinux, loader.module, loader.bootSector]) {
    if (path === null) continue;
    const { size, mtimeMs } = await stat(path);
    hash.update(JSON.stringify([path, size, mtimeMs]));
  }
  return hash.digest('hex').slice(0, 32);
}

async function make(parts: MediumParts, tools: MediaTools, { folder, name }: IsoFile): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await tidy(folder);
    const work = await mkdtemp(join(folder, WORK));
    try {
      await rename(await makeIsoImage(parts, tools, work), join(folder, name));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof LabError || codeOf(error) === '') throw error;
    throw storageError(error, folder);
  }
}

/** Makes room for one more, and takes away what a bastion that was killed left unfinished. */
async function tidy(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((entry) => entry.startsWith(WORK))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  const images = await Promise.all(
    names
      .filter((entry) => entry.endsWith('.iso'))
      .map(async (name) => ({ name, askedAt: (await stat(join(folder, name))).atimeMs })),
  );
  const old = images.sort((one, other) => other.askedAt - one.askedAt).slice(MAX_IMAGES - 1);
  for (const { name } of old) await rm(join(folder, name), { force: true });
}
