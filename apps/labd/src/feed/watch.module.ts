import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { WatchController } from './watch.controller.js';
import { WatchService } from './watch.service.js';

@Module({
  imports: [AuthModule],
  controllers: [WatchController],
  providers: [WatchService],
  exports: [WatchService],
})
export class WatchModule {}
