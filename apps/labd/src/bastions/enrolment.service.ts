import { LabError, isResourceName, printable, type Clock } from '@lab/domain';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import { hashOf, newToken } from '../auth/tokens.js';
import { CLOCK } from '../injection-tokens.js';
import { ResourceService, type WriteOptions } from '../resources/resource.service.js';
import { EnrolmentRepository } from './enrolment.repository.js';
import type { EnrolDto, EnrolledDto } from './bastion.dto.js';

/** How a bastion gets its credential: an administrator makes a join token, and whoever holds it may enrol so many. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly bastions: EnrolmentRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** The join token is the proof. A refused name costs no use of it. What a dry run answers with is good for nothing. */
  async enrol(
    request: EnrolDto,
    origin: { requestId: string; address: string },
    { dryRun = false }: WriteOptions,
  ): Promise<EnrolledDto> {
    const now = new Date(this.clock.now());
    const { name } = request;
    if (!isResourceName(name)) {
      throw new LabError('invalid', `name: "${printable(name)}" is not a name for a bastion`, {
        hint: 'Use lower-case letters, digits and dashes, at most 63 a label (RFC 1123), such as site-a.',
        errors: [{ path: 'name', message: 'must be an RFC 1123 host name' }],
      });
    }
    const credential = newToken('lab_bastion');
    const bastionId = await this.resources.transaction(dryRun, async (tx) => {
      const token = await this.bastions.useToken(tx, 'bastion', hashOf(request.token), now);
      if (token === undefined) {
        throw new LabError('not-logged-in', 'The join token is not valid, has expired or is used up', {
          hint: 'Make another with: labctl create token --kind bastion',
        });
      }
      if (await this.bastions.nameExists(tx, name)) {
        throw new LabError('exists', `There is a bastion ${name} already`, {
          hint: 'Choose another name.',
        });
      }
      const id = await this.bastions.add(tx, name, credential.hash, token);
      await this.audit.record(tx, [
        {
          at: now,
          actor: `token:${token.name}`,
          action: 'enrol',
          kind: 'Bastion',
          resourceId: id,
          resourceName: name,
          cloud: token.cloud,
          environment: token.environment,
          after: { name },
          requestId: origin.requestId,
          source: origin.address,
        },
      ]);
      return id;
    });
    return { bastionId, credential: credential.token };
  }
}
