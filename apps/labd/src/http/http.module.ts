import { Global, Module } from '@nestjs/common';
import { KnownInputGuard } from './known-input.guard.js';
import { ShutdownSignal } from './shutdown-signal.js';

@Global()
@Module({ providers: [ShutdownSignal, KnownInputGuard], exports: [ShutdownSignal, KnownInputGuard] })
export class HttpModule {}
