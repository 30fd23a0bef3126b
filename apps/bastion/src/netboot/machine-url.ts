import { Injectable } from '@nestjs/common';
import { LabError } from '@lab/domain';

/** The base URL that machines are given. It is known once the bastion listens: the port may be any free one. */
@Injectable()
export class MachineUrl {
  #value: string | undefined;

  get value(): string {
    if (this.#value === undefined)
      throw new LabError('not-ready', 'The bastion is starting', { hint: 'Ask again.' });
    return this.#value;
  }

  set value(url: string) {
    this.#value = url;
  }
}
