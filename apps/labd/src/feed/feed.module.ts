import { Global, Module } from '@nestjs/common';
import { Changes } from './changes.notifier.js';
import { FeedLog } from './feed-log.repository.js';
import { FeedTail } from './feed-tail.service.js';
import { FeedWriter } from './feed-writer.repository.js';

@Global()
@Module({
  providers: [Changes, FeedWriter, FeedLog, FeedTail],
  exports: [Changes, FeedWriter, FeedLog, FeedTail],
})
export class FeedModule {}
