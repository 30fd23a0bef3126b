import { Global, Module } from '@nestjs/common';
import { Changes } from './changes.notifier.js';
import { FeedWriter } from './feed-writer.repository.js';

@Global()
@Module({ providers: [Changes, FeedWriter], exports: [Changes, FeedWriter] })
export class FeedModule {}
