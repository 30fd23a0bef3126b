import { Global, Module } from '@nestjs/common';
import { Changes } from './changes.notifier.js';

@Global()
@Module({ providers: [Changes], exports: [Changes] })
export class FeedModule {}
