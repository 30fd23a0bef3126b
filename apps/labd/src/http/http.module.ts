import { Global, Module } from '@nestjs/common';
import { KnownQueryGuard } from './known-query.guard.js';
import { ShutdownSignal } from './shutdown-signal.js';

@Global()
@Module({ providers: [ShutdownSignal, KnownQueryGuard], exports: [ShutdownSignal, KnownQueryGuard] })
export class HttpModule {}
