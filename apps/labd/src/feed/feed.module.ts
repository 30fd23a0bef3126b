import { Global, Module } from '@nestjs/common';
import { Changes } from './changes.notifier.js';
import { FeedLog } from './feed-log.repository.js';
import { FeedTail } from './feed-tail.service.js';
import { NatsFanOut } from './nats-fan-out.js';
import { FeedWriter } from './feed-writer.repository.js';

@Global()
@Module({
  providers: [Changes, FeedWriter, FeedLog, FeedTail, NatsFanOut],
  exports: [Changes, FeedWriter, FeedLog, FeedTail],
})
export class FeedModule {}
