import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import * as Flags from '@oclif/core/flags';
import {
  LabCommand,
  LabError,
  bastionFolderInUse,
  bytesText,
  oneLine,
  problemError,
  runningBastion,
  serverUrl,
  textAt,
  type GlobalFlags,
  type LabClient,
} from '@lab/cli-kit';
import { isoPath, ofServer, type DeclaredNetwork, type IsoWishes } from '../../iso-query.js';
import { dirFlag } from '../../local-bastion.js';

/** Far more than a boot medium has. */
const MOST_BYTES = 256 * 2 ** 20;
const MOST_PROBLEM_BYTES = 65_536;

export default class BastionIsoCommand extends LabCommand {
  static override summary = 'Write a boot medium, for machines that can not boot over the network';
  static override description = `The image boots UEFI and BIOS machines, from a CD, from a USB stick (dd if=FILE of=/dev/sdX) or as a BMC's virtual medium,
and leads them to the bastion. It is for any machine, or for one; without a DHCP server it brings the address along.
With --server, labd says the MACs and the declared address of the server.`;
  static override examples = [
    '<%= config.bin %> bastion iso -o boot.iso',
    '<%= config.bin %> bastion iso -o node1.iso --server node1',
    '<%= config.bin %> bastion iso -o boot.iso --address 192.168.77.10/24 --gateway 192.168.77.1',
    '<%= config.bin %> bastion iso -o boot.iso --url http://192.168.77.1:7071 --mac 52:54:00:12:34:56',
  ];
  static override flags = {
    file: Flags.string({ char: 'o', description: 'where it goes', helpValue: 'FILE', required: true }),
    server: Flags.string({ description: 'for this server only', helpValue: 'NAME', exclusive: ['mac'] }),
    mac: Flags.string({
      description: 'for the machine with this port only; repeat it for more ports',
      helpValue: 'MAC',
      multiple: true,
      multipleNonGreedy: true,
    }),
    address: Flags.string({ description: 'address of the machine, instead of DHCP', helpValue: 'CIDR' }),
    gateway: Flags.string({ description: 'its way to other networks', helpValue: 'IP' }),
    dns: Flags.string({ description: 'its name server', helpValue: 'IP' }),
    url: Flags.string({
      description: 'a bastion elsewhere; else the one on this machine',
      helpValue: 'URL',
      exclusive: ['dir'],
    }),
    dir: dirFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionIsoCommand);
    const { address, gateway, dns } = flags;
    const said: IsoWishes = { macs: flags.mac ?? [], address, gateway, dns };
    const bastion = flags.url === undefined ? await this.#localUrl(flags.dir) : serverUrl(flags.url);
    const wishes = flags.server === undefined ? said : await this.#ofServer(flags.server, said, flags);
    const answer = await this.transportTo(bastion, flags).open({
      method: 'GET',
      path: isoPath(wishes),
      headers: { accept: '*/*' },
    });
    if (answer.statusCode !== 200) throw problemError(answer.statusCode ?? 0, await textOf(answer));
    const bytes = await save(answer, flags.file);
    const whose = wishes.macs.length === 0 ? 'any machine' : wishes.macs.join(', ');
    const how = wishes.address === undefined ? 'an address by DHCP' : `the address ${wishes.address}`;
    this.terminal(flags).out(
      `${oneLine(flags.file)} written (${bytesText(bytes)}), for ${oneLine(whose)}, with ${oneLine(how)}\n`,
    );
  }

  async #localUrl(dir: string | undefined): Promise<URL> {
    const folder = await bastionFolderInUse(dir, this.environment);
    const running = await runningBastion(folder);
    if (running !== undefined) return new URL(running.url);
    throw new LabError('not-found', `no bastion runs in ${folder}`, {
      hint: 'Start it (labctl bastion start), or name one that runs: --dir FOLDER, --url http://ADDRESS:7071.',
    });
  }

  async #ofServer(ref: string, said: IsoWishes, flags: GlobalFlags): Promise<IsoWishes> {
    const { client } = await this.lab(flags);
    return ofServer(await client.getServer(ref), said, (name) => networkOf(client, name));
  }
}

async function networkOf(client: LabClient, name: string): Promise<DeclaredNetwork> {
  const network = await client.resource({ plural: 'networks' }, name);
  return { cidr: textAt(network, 'spec.cidr') ?? '', gateway: textAt(network, 'spec.gateway') ?? null };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_PROBLEM_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whole or not at all; a device (a USB stick) is written as it is. Answers how many bytes there were. */
async function save(answer: IncomingMessage, file: string): Promise<number> {
  const target = await stat(file).catch(() => undefined);
  const isDevice = target !== undefined && !target.isFile();
  const written = isDevice ? file : `${file}.${process.pid}.part`;
  const length = Number(answer.headers['content-length']);
  let bytes = 0;
  try {
    await pipeline(
      answer,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > MOST_BYTES)
            throw new LabError('too-large', 'the answer is no boot medium: it does not end');
          yield chunk;
        }
      },
      createWriteStream(written),
    );
    if (bytes !== length) {
      throw new LabError('internal', `the bastion sent ${bytes} of ${length} bytes`, { hint: 'Try again.' });
    }
    if (!isDevice) await rename(written, file);
    return bytes;
  } catch (error) {
    if (!isDevice) await rm(written, { force: true });
    if (error instanceof LabError) throw error;
    throw new LabError('environment', `${oneLine(file)} can't be written`, {
      hint: 'Name a file in a folder that you may write to.',
      cause: error,
    });
  }
}
