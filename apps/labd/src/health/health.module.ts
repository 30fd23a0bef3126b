import { Module } from '@nestjs/common';
import { WatchModule } from '../feed/watch.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsQuery } from './metrics.query.js';
import { Metrics } from './metrics.service.js';

@Module({
  imports: [WatchModule],
  controllers: [HealthController, MetricsController],
  providers: [Metrics, MetricsQuery],
})
export class HealthModule {}
